/// What a digest covers: `qop` (RFC 7616 section 3.3).
enum DigestProtection: Sendable {
    /// Method and URI.
    case auth
    /// The body too.
    case authInt

    var name: StaticString {
        switch self {
        case .auth: "auth"
        case .authInt: "auth-int"
        }
    }
}

/// A Digest challenge that we can answer (RFC 7616 section 3.3, RFC 3261 section 22.4).
struct DigestChallenge: Sendable {
    /// Where the answer goes: Authorization, or Proxy-Authorization for a proxy's.
    let header: HeaderID
    let realm: Bytes
    let nonce: Bytes
    let opaque: Bytes?
    let algorithm: DigestAlgorithm
    /// `auth` where it is offered, `auth-int` where it is offered alone; without any qop the old
    /// form is used.
    let protection: DigestProtection?
    /// The nonce was too old, the password was right.
    let isStale: Bool

    /// nil for another scheme, an algorithm or a qop that we do not know.
    init?(_ text: Bytes, isProxys: Bool = false) {
        guard let parameters = AuthParameters(text), parameters.isDigest,
            let realm = parameters.value("realm"), let nonce = parameters.value("nonce"),
            nonce.count <= MessageLimits.nonceBytesMax
        else { return nil }
        // No algorithm means MD5 (RFC 7616 section 3.3).
        guard let algorithm = parameters.value("algorithm").map(DigestAlgorithm.init) ?? .md5 else {
            return nil
        }
        let qop = parameters.value("qop")
        let options = qop?.split(separator: UInt8(ascii: ",")).map(\.trimmed)
        let known = [DigestProtection.auth, .authInt].first { protection in
            options?.contains { $0.matches(protection.name) } ?? false
        }
        if qop != nil, known == nil { return nil }
        // A session key is bound to a client nonce, which only qop carries.
        if algorithm.isSession, qop == nil { return nil }
        header = isProxys ? .proxyAuthorization : .authorization
        self.realm = realm
        self.nonce = nonce
        self.algorithm = algorithm
        protection = known
        opaque = parameters.value("opaque")
        isStale = parameters.value("stale")?.matches("true") ?? false
    }

    /// Both come from the far end, or from proxies, and name the same realm.
    func isOfSameSpace(as other: DigestChallenge) -> Bool {
        header == other.header && realm.elementsEqual(other.realm)
    }

    /// What a 401 or 407 asks for. A proxy that forks gathers the challenges of several servers in
    /// one answer (RFC 3261 section 16.7), so each space counts: with its strongest challenge, the
    /// first of equals, as RFC 8760 section 2.4 has the server order them.
    static func strongest(in response: SIPMessage) -> [DigestChallenge] {
        var best: [DigestChallenge] = []
        for field in response.index.fields {
            guard field.id == .wwwAuthenticate || field.id == .proxyAuthenticate,
                let challenge = DigestChallenge(
                    response.index.value(field), isProxys: field.id == .proxyAuthenticate)
            else { continue }
            if let known = best.firstIndex(where: { $0.isOfSameSpace(as: challenge) }) {
                if best[known].algorithm < challenge.algorithm { best[known] = challenge }
            } else if best.count < ChallengeTally.spacesMax {
                best.append(challenge)
            }
        }
        return best
    }
}
