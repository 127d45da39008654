import TrunkEvents

/// What a response has in common with its request (RFC 3261 section 17.1.3).
struct ClientTransactionKey: Hashable, Sendable {
    let branch: Bytes
    let method: Method

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: branch)
        hasher.combine(method)
    }
}

/// What a request has in common with the one that made its transaction (RFC 3261 section 17.2.3).
struct ServerTransactionKey: Hashable, Sendable {
    /// The branch with its magic cookie; or, of an RFC 2543 client, all that identifies it.
    let identity: Bytes
    /// Empty with an RFC 2543 identity, which contains it.
    let sentBy: Bytes
    /// INVITE for its ACK.
    let method: Method

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: identity)
        hasher.combine(bytes: sentBy)
        hasher.combine(method)
    }
}

extension ServerTransactionKey {
    /// The key under which `request` looks for its transaction: an ACK looks for the INVITE's, and
    /// so does a CANCEL that looks for what it cancels.
    init(of request: SIPMessage, as method: Method) {
        let via = request.topVia
        self.method = method
        if let branch = via.branch, Via.hasMagicCookie(branch) {
            identity = branch
            sentBy = via.sentBy
        } else {
            identity = Self.legacyIdentity(of: request, via: via, method)[...]
            sentBy = []
        }
    }

    /// An RFC 2543 client sends no magic cookie.
    var isLegacy: Bool { sentBy.isEmpty }

    /// Views share the datagram's storage; what is kept must not keep the datagram.
    var detached: ServerTransactionKey {
        ServerTransactionKey(
            identity: Array(identity)[...], sentBy: Array(sentBy)[...], method: method)
    }

    /// Request-URI, From tag, Call-ID, CSeq number and top Via, and the To tag except for INVITE:
    /// its ACK carries the tag of the response, which is compared apart. NUL ends each part; no
    /// part contains one.
    private static func legacyIdentity(
        of request: SIPMessage, via: Via, _ method: Method
    ) -> [UInt8] {
        var identity: [UInt8] = []
        identity.append(contentsOf: request.requestURI ?? [])
        identity.append(0)
        identity.append(contentsOf: request.from.tag ?? [])
        identity.append(0)
        identity.append(contentsOf: request.callID)
        identity.append(0)
        identity.append(decimal: UInt64(request.cseq.number))
        identity.append(0)
        identity.append(contentsOf: via.text)
        identity.append(0)
        if method != .invite { identity.append(contentsOf: request.to.tag ?? []) }
        return identity
    }
}
