// Facts about transfers that are carried out here (RFC 3515): one side of a call asks that the
// other be connected with somebody else.

/// A new call begins because `leaving`, a side of the call `from`, asked for a transfer.
public struct TransferBegun: Fact {
    public static let kind = FactKind.transferBegun
    public static let version: UInt8 = 1

    /// The new call; where two calls become one, the other call of the side that leaves.
    public var call: CallID
    public var from: CallID
    public var leaving: CallParty

    public init(call: CallID, from: CallID, leaving: CallParty) {
        self.call = call
        self.from = from
        self.leaving = leaving
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        from = try decoder.read()
        leaving = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("from", from)
        visitor.field("leaving", leaving)
    }

    public var stream: FactStream { FactStream(call) }
}

/// The side of `call` that stays is the caller of the call `to` from here on. Both calls go on,
/// each with its channel, and end together. `response` is its 2xx to our re-INVITE.
public struct CallTransferred: Fact {
    public static let kind = FactKind.callTransferred
    public static let version: UInt8 = 1

    public var call: CallID
    public var to: CallID
    public var leaving: CallParty
    public var response: Octets

    public init(call: CallID, to: CallID, leaving: CallParty, response: Octets) {
        self.call = call
        self.to = to
        self.leaving = leaving
        self.response = response
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        to = try decoder.read()
        leaving = try decoder.read()
        response = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("to", to)
        visitor.field("leaving", leaving)
        visitor.field("response", response)
    }

    public var stream: FactStream { FactStream(call) }
}
