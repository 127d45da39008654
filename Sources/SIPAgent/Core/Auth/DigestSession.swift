/// What a challenged client is to do next.
enum ChallengeVerdict: Equatable, Sendable {
    /// Send the request again, with the next CSeq and `authorization(method:uri:cnonce:body:)`.
    case answer
    /// The answer to a fresh challenge was refused: the user name or the password is wrong.
    case credentialsRefused
    /// No challenge that we can compute.
    case unsupported
}

/// A client's side of one protection space: the last challenge, and how often its nonce was used.
///
/// ```
///           401/407                    401/407 to an answer, not stale
///  (none) ----------> armed, nc = 0 ----------------------------------> credentialsRefused
///                      |    ^
///      authorization   |    | 401/407 with stale=true, or another nonce: nc = 0
///        nc += 1       +----+ 2xx with nextnonce (RFC 7616 section 3.5): nc = 0
/// ```
struct DigestSession: Sendable {
    private let credentials: DigestCredentials
    private var challenge: DigestChallenge?
    private var secret: [UInt8] = []
    private var nonce: [UInt8] = []
    private var nonceCount: UInt32 = 0
    /// Authorization or Proxy-Authorization, as the last challenge asked.
    private(set) var header: HeaderID = .authorization

    /// A server that calls every answer stale would keep us busy for ever.
    static let answersMax = 3

    init(credentials: DigestCredentials) {
        self.credentials = credentials
    }

    /// Whether the next request can carry credentials without being asked.
    var isArmed: Bool { challenge != nil }

    /// Takes a 401 or 407.
    ///
    /// - Parameter answered: how many challenges this very request has already answered. A nonce
    ///   that went stale since an earlier request counts as none.
    mutating func receive(challengeIn response: SIPMessage, answered: Int) -> ChallengeVerdict {
        guard let challenge = DigestChallenge.strongest(in: response) else { return .unsupported }
        if answered > 0, !challenge.isStale || answered >= Self.answersMax {
            self.challenge = nil
            return .credentialsRefused
        }
        adopt(challenge)
        header = response.status == 407 ? .proxyAuthorization : .authorization
        return .answer
    }

    /// Takes a 2xx: the server may name the nonce of the next request (Authentication-Info).
    mutating func receive(success response: SIPMessage) {
        guard challenge != nil, let info = response.first(.authenticationInfo),
            let next = AuthParameters(bare: info)?.value("nextnonce"),
            next.count <= MessageLimits.nonceBytesMax
        else { return }
        start(nonce: Array(next))
    }

    private mutating func adopt(_ challenge: DigestChallenge) {
        let isSameSpace =
            self.challenge.map {
                $0.realm.elementsEqual(challenge.realm) && $0.algorithm == challenge.algorithm
            } ?? false
        if !isSameSpace { secret = credentials.secret(realm: challenge.realm, challenge.algorithm) }
        // The same nonce again, e.g. for a second request on its way: its count goes on.
        if !isSameSpace || !nonce.elementsEqual(challenge.nonce) {
            start(nonce: Array(challenge.nonce))
        }
        self.challenge = challenge
    }

    private mutating func start(nonce: [UInt8]) {
        self.nonce = nonce
        nonceCount = 0
    }

    /// Whether `authorization` wants the body, too.
    var coversBody: Bool { challenge?.protection == .authInt }

    /// The value of `header` for the next request; nil before the first challenge.
    ///
    /// - Parameters:
    ///   - method: the method's name as it stands in the start line.
    ///   - uri: the Request-URI as it stands in the start line.
    ///   - cnonce: random text of the caller's, free of quotes and backslashes.
    ///   - body: the request's.
    mutating func authorization(
        method: Bytes, uri: Bytes, cnonce: Bytes, body: Bytes = []
    ) -> [UInt8]? {
        guard let challenge else { return nil }
        nonceCount += 1
        let count = Self.hex(nonceCount)
        let input = DigestInput(
            algorithm: challenge.algorithm, secret: secret, nonce: nonce[...], cnonce: cnonce,
            nonceCount: count[...], protection: challenge.protection, method: method, uri: uri,
            body: body)
        var writer = MessageWriter(capacity: 384)
        writer.append("Digest username=")
        writer.append(quoted: credentials.username[...])
        writer.append(", realm=")
        writer.append(quoted: challenge.realm)
        writer.append(", nonce=")
        writer.append(quoted: nonce[...])
        writer.append(", uri=")
        writer.append(quoted: uri)
        writer.append(", response=")
        writer.append(quoted: input.response[...])
        writer.append(", algorithm=")
        writer.append(challenge.algorithm.name)
        if let protection = challenge.protection {
            writer.append(", cnonce=")
            writer.append(quoted: cnonce)
            writer.append(", qop=")
            writer.append(protection.name)
            writer.append(", nc=")
            writer.append(count)
        }
        if let opaque = challenge.opaque {
            writer.append(", opaque=")
            writer.append(quoted: opaque)
        }
        return writer.bytes
    }

    /// Eight hex digits, as `nc-value` has them.
    static func hex(_ count: UInt32) -> [UInt8] {
        DigestHash.hex([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) })
    }
}
