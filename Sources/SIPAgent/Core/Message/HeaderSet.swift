/// A set of header ids, for "all headers but these". `other` can be a member like any id.
struct HeaderSet: Equatable, Sendable, ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    init(arrayLiteral ids: HeaderID...) {
        for id in ids { insert(id) }
    }

    @inline(__always)
    mutating func insert(_ id: HeaderID) { bits |= 1 << UInt64(id.rawValue) }

    @inline(__always)
    func contains(_ id: HeaderID) -> Bool { (bits >> UInt64(id.rawValue)) & 1 == 1 }

    func union(_ other: HeaderSet) -> HeaderSet {
        var both = self
        both.bits |= other.bits
        return both
    }

    /// What belongs to one hop or one dialog and never crosses a back-to-back agent; Content-Length
    /// is always computed. Content-Type and the like travel with the body.
    static let neverCrossing: HeaderSet = [
        .via, .from, .to, .callID, .cseq, .contact, .maxForwards, .route, .recordRoute, .path,
        .serviceRoute, .contentLength, .authorization, .proxyAuthorization, .wwwAuthenticate,
        .proxyAuthenticate, .authenticationInfo, .require, .proxyRequire, .supported, .unsupported,
        .allow, .rseq, .rack, .sessionExpires, .minSE, .replaces, .expires, .minExpires, .timestamp,
    ]
}
