/// A client's side of one protection space: the last challenge, and how often its nonce was used.
///
/// ```
///  401/407                   401/407 to an answer, not stale
///  -------> armed, nc = 0 ----------------------------------> disarmed --401/407--> armed
///            |    ^
///            |    | 401/407 with stale=true, or another nonce: nc = 0
///            +----+ 2xx with nextnonce (RFC 7616 section 3.5): nc = 0
///                   authorization: nc += 1
/// ```
struct DigestSession: Sendable {
    private let credentials: DigestCredentials
    private var challenge: DigestChallenge
    private var secret: [UInt8]
    private var nonce: [UInt8]
    private var nonceCount: UInt32 = 0
    /// Whether the next request can carry credentials without being asked.
    private(set) var isArmed = true

    /// A server that calls every answer stale would keep us busy for ever.
    static let answersMax = 3

    init(credentials: DigestCredentials, answering challenge: DigestChallenge) {
        self.credentials = credentials
        self.challenge = challenge
        secret = credentials.secret(realm: challenge.realm, challenge.algorithm)
        nonce = Array(challenge.nonce)
    }

    /// Authorization or Proxy-Authorization.
    var header: HeaderID { challenge.header }

    func isAsked(by challenge: DigestChallenge) -> Bool {
        self.challenge.isOfSameSpace(as: challenge)
    }

    /// Takes another challenge of the same space. Disarmed after it: the answer to a fresh one was
    /// refused.
    ///
    /// - Parameter answered: how many of its challenges this very request has already answered. A
    ///   nonce that went stale since an earlier request counts as none.
    mutating func receive(_ challenge: DigestChallenge, answered: Int) {
        isArmed = answered == 0 || challenge.isStale && answered < Self.answersMax
        if isArmed { adopt(challenge) }
    }

    /// The server has named the nonce of the next request.
    mutating func receive(nextNonce next: Bytes) {
        guard isArmed, next.count <= MessageLimits.nonceBytesMax else { return }
        start(nonce: Array(next))
    }

    private mutating func adopt(_ challenge: DigestChallenge) {
        if self.challenge.algorithm != challenge.algorithm {
            secret = credentials.secret(realm: challenge.realm, challenge.algorithm)
        }
        // The same nonce again, e.g. for a second request on its way: its count goes on.
        if !nonce.elementsEqual(challenge.nonce) { start(nonce: Array(challenge.nonce)) }
        self.challenge = challenge
    }

    private mutating func start(nonce: [UInt8]) {
        self.nonce = nonce
        nonceCount = 0
    }

    /// Whether `authorization` wants the body, too.
    var coversBody: Bool { isArmed && challenge.protection == .authInt }

    /// The value of `header` for the next request; nil while disarmed.
    ///
    /// - Parameters:
    ///   - method: the method's name as it stands in the start line.
    ///   - uri: the Request-URI as it stands in the start line.
    ///   - cnonce: random text of the caller's, free of quotes and backslashes.
    ///   - body: the request's.
    mutating func authorization(
        method: Bytes, uri: Bytes, cnonce: Bytes, body: Bytes = []
    ) -> [UInt8]? {
        guard isArmed else { return nil }
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
