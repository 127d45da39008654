import TrunkEvents

/// Asks those dialers for a password that the configuration gives one.
struct DialerGate: Sendable {
    private var verifiers: [DialerConfiguration.Asking: DigestVerifier] = [:]

    enum Verdict: Sendable {
        case pass
        /// 401 with a WWW-Authenticate of each of these.
        case challenge([[UInt8]])
        /// 403: the user name or the password is wrong.
        case refuse
    }

    mutating func check(
        _ request: SIPMessage, of dialer: DialerConfiguration, from source: IPAddress,
        node: ShortName, at now: Moment, entropy: inout Entropy
    ) -> Verdict {
        guard let credentials = dialer.credentials else { return .pass }
        let asking = DialerConfiguration.Asking(name: dialer.name, digests: dialer.digests)
        var verifier =
            verifiers[asking]
            ?? DigestVerifier(
                realm: node.bytes, algorithms: Set(dialer.digests.map(\.algorithm)),
                key: Self.bytes(32, &entropy))
        let seconds = now.monotonic.nanoseconds / 1_000_000_000
        let verdict = verifier.verify(
            request, header: .authorization,
            credentials: DigestCredentials(
                username: credentials.user.bytes, password: credentials.password.bytes),
            from: source, now: seconds)
        verifiers[asking] = verifier
        switch verdict {
        case .accepted: return .pass
        case .refused: return .refuse
        case .absent, .stale:
            let salt = Self.bytes(DigestVerifier.saltBytes, &entropy)
            return .challenge(
                verifier.challenges(
                    source, salt: salt, now: seconds, stale: verdict == .stale))
        }
    }

    private static func bytes(_ count: Int, _ entropy: inout Entropy) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &entropy) }
    }
}

extension DialerConfiguration {
    /// A reload may change what a dialer is asked for: then it is asked anew.
    fileprivate struct Asking: Hashable {
        var name: ShortName
        var digests: Set<DialerDigest>
    }
}
