internal import Crypto
internal import TrunkEvents

/// What a server makes of a request's credentials.
enum DigestVerdict: Equatable, Sendable {
    case accepted
    /// None for our realm, or with a nonce that is not ours: challenge.
    case absent
    /// Right, but the nonce is too old or was used: challenge with `stale=true`.
    case stale
    /// The wrong user name or password.
    case refused
}

/// The server's side: challenges a dialer and verifies what it answers. Nonces are signed, so none
/// is remembered until someone has answered one rightly; then its count guards against replay. A
/// nonce is good at the address that it was sent to: from any other it is as if absent.
struct DigestVerifier: Sendable {
    private let realm: [UInt8]
    /// The strongest first.
    private let algorithms: [DigestAlgorithm]
    private let key: SymmetricKey
    /// How long a nonce may be used, in seconds.
    private let lifetime: UInt64
    private var used: [[UInt8]: Use] = [:]
    /// Nonces made at this second or before are no longer remembered.
    private var floor: UInt64?

    private struct Use: Sendable {
        /// The highest nonce count so far.
        var count: UInt32
        var issued: UInt64
    }

    /// Nonces remembered at once.
    static let usedNoncesMax = 4_096
    /// Random bytes that a caller puts into a nonce.
    static let saltBytes = 8
    private static let stampBytes = 8
    private static let sealBytes = 16

    /// `key`: 32 random bytes of this process.
    init(realm: [UInt8], algorithms: Set<DigestAlgorithm>, key: [UInt8], lifetime: UInt64 = 300) {
        precondition(key.count >= 32)
        precondition(!algorithms.isEmpty, "a client is asked for something")
        self.realm = realm
        self.algorithms = algorithms.sorted(by: >)
        self.key = SymmetricKey(data: key)
        self.lifetime = lifetime
    }

    /// The values of WWW-Authenticate or Proxy-Authenticate headers: one for each algorithm, the
    /// most wanted first, of which the client answers the first that it knows (RFC 8760 section
    /// 2.4).
    ///
    /// - Parameters:
    ///   - client: who is asked; `nil` where any client may answer.
    ///   - salt: `saltBytes` random bytes.
    ///   - now: seconds on any clock that does not jump.
    func challenges(
        _ client: IPAddress? = nil, salt: [UInt8], now: UInt64, stale: Bool = false
    ) -> [[UInt8]] {
        precondition(salt.count == Self.saltBytes)
        let nonce = nonce(for: client, stamp: now, salt: salt)
        return algorithms.map { algorithm in
            var writer = MessageWriter(capacity: 256)
            writer.append("Digest realm=")
            writer.append(quoted: realm[...])
            writer.append(", nonce=")
            writer.append(quoted: nonce[...])
            writer.append(", algorithm=")
            writer.append(algorithm.name)
            writer.append(", qop=\"auth\"")
            if stale { writer.append(", stale=true") }
            return writer.bytes
        }
    }

    /// Judges the credentials of `header` (Authorization, or Proxy-Authorization after a 407).
    mutating func verify(
        _ request: SIPMessage, header: HeaderID, credentials: DigestCredentials,
        from client: IPAddress? = nil, now: UInt64
    ) -> DigestVerdict {
        guard let answer = answer(in: request, header),
            let issued = stamp(of: answer.nonce, for: client)
        else { return .absent }
        guard answer.username.elementsEqual(credentials.username),
            !Self.isForAnother(answer.uri, than: request)
        else { return .refused }
        let input = DigestInput(
            algorithm: answer.algorithm,
            secret: credentials.secret(realm: realm[...], answer.algorithm),
            nonce: answer.nonce, cnonce: answer.cnonce, nonceCount: answer.countText,
            protection: .auth, method: request.methodName ?? [], uri: answer.uri)
        guard Self.equalInConstantTime(input.response[...], answer.response) else {
            return .refused
        }
        let isForgotten = floor.map { issued <= $0 } ?? false
        guard now >= issued, now - issued <= lifetime, !isForgotten else { return .stale }
        let nonce = Array(answer.nonce)
        guard answer.count > used[nonce]?.count ?? 0 else { return .stale }
        forgetOld()
        used[nonce] = Use(count: answer.count, issued: issued)
        return .accepted
    }

    /// Credentials that were made for another number must not call this one (RFC 7616 section
    /// 3.4.6). Some clients name the server alone, and proxies on the way may change its name.
    private static func isForAnother(_ uri: Bytes, than request: SIPMessage) -> Bool {
        let (answered, called) = (Switchboard.user(in: uri), request.requestURI ?? [])
        return !answered.isEmpty
            && !answered.percentDecoded.elementsEqual(Switchboard.user(in: called).percentDecoded)
    }

    private struct Answer {
        var algorithm: DigestAlgorithm
        var username: Bytes
        var nonce: Bytes
        var uri: Bytes
        var response: Bytes
        var cnonce: Bytes
        var countText: Bytes
        var count: UInt32
    }

    private func answer(in request: SIPMessage, _ header: HeaderID) -> Answer? {
        for field in request.index.fields where field.id == header {
            guard let parameters = AuthParameters(request.index.value(field)), parameters.isDigest,
                parameters.value("realm")?.elementsEqual(realm) ?? false,
                let algorithm = parameters.value("algorithm").map(DigestAlgorithm.init) ?? .md5,
                algorithms.contains(algorithm),
                let username = parameters.value("username"), let nonce = parameters.value("nonce"),
                let uri = parameters.value("uri"), let response = parameters.value("response"),
                parameters.value("qop")?.matches("auth") ?? false,
                let cnonce = parameters.value("cnonce"), let nc = parameters.value("nc"),
                let count = Self.count(nc)
            else { continue }
            return Answer(
                algorithm: algorithm, username: username, nonce: nonce, uri: uri,
                response: response, cnonce: cnonce, countText: nc, count: count)
        }
        return nil
    }

    private static func count(_ text: Bytes) -> UInt32? {
        guard text.count == 8 else { return nil }
        var value: UInt32 = 0
        for byte in text {
            guard let digit = hexDigit(byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private func nonce(for client: IPAddress?, stamp: UInt64, salt: [UInt8]) -> [UInt8] {
        var plain = Self.bytes(stamp)
        plain += salt
        let bound = plain + (client.map { Self.bytes($0.high) + Self.bytes($0.low) } ?? [])
        let seal = HMAC<SHA256>.authenticationCode(for: bound, using: key)
        return DigestHash.hex(plain + Array(seal).prefix(Self.sealBytes))
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }

    /// When a nonce of ours was made; nil for one that we did not make.
    private func stamp(of nonce: Bytes, for client: IPAddress?) -> UInt64? {
        guard nonce.count == 2 * (Self.stampBytes + Self.saltBytes + Self.sealBytes) else {
            return nil
        }
        var plain: [UInt8] = []
        var half: UInt8?
        for byte in nonce.prefix(2 * (Self.stampBytes + Self.saltBytes)) {
            guard let digit = hexDigit(byte) else { return nil }
            if let high = half {
                plain.append(high << 4 | digit)
                half = nil
            } else {
                half = digit
            }
        }
        let stamp = plain.prefix(Self.stampBytes).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let own = self.nonce(
            for: client, stamp: stamp, salt: Array(plain.dropFirst(Self.stampBytes)))
        return Self.equalInConstantTime(own[...], nonce) ? stamp : nil
    }

    /// Forgets the older half when there is no room left. A forgotten nonce counts as stale, so
    /// that none can be replayed for having been forgotten.
    private mutating func forgetOld() {
        guard used.count >= Self.usedNoncesMax else { return }
        let stamps = used.values.map(\.issued).sorted()
        let newFloor = stamps[stamps.count / 2]
        used = used.filter { $0.value.issued > newFloor }
        floor = newFloor
    }

    private static func equalInConstantTime(_ left: Bytes, _ right: Bytes) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ lowercased($1.1)) } == 0
    }
}
