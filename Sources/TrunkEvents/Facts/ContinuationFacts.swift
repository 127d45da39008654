// Facts that let a call go on in another process.

/// A restart found the call open and goes on with it. It was alive at `aliveAt`, before the crash.
///
/// CSeqs of our own requests on each leg up to these may be used from now on.
public struct CallContinued: Fact {
    public static let kind = FactKind.callContinued
    public static let version: UInt8 = 1

    public var call: CallID
    public var aliveAt: WallInstant
    public var callerSequence: UInt32
    public var calledSequence: UInt32

    public init(
        call: CallID, aliveAt: WallInstant, callerSequence: UInt32, calledSequence: UInt32
    ) {
        self.call = call
        self.aliveAt = aliveAt
        self.callerSequence = callerSequence
        self.calledSequence = calledSequence
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        aliveAt = try decoder.read()
        callerSequence = try decoder.read()
        calledSequence = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("alive_at", aliveAt)
        visitor.field("caller_sequence", callerSequence)
        visitor.field("called_sequence", calledSequence)
    }

    public var stream: FactStream { FactStream(call) }
}

/// Both sides of a call have shown that they still have it.
public struct CallInterim: Fact {
    public static let kind = FactKind.callInterim
    public static let version: UInt8 = 1

    public var call: CallID

    public init(call: CallID) {
        self.call = call
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
    }

    public var stream: FactStream { FactStream(call) }
}

/// CSeqs of our own requests on one leg up to `sequence` may be used from now on.
///
/// Without this fact a leg has the block after its INVITE: an agent that starts again goes beyond,
/// since a gap in CSeq is allowed and a step back is refused (RFC 3261 section 12.2.2).
public struct SequencesReserved: Fact {
    public static let kind = FactKind.sequencesReserved
    public static let version: UInt8 = 1
    public static let blockLength: UInt32 = 10_000

    public var call: CallID
    public var leg: CallParty
    public var sequence: UInt32

    public init(call: CallID, leg: CallParty, sequence: UInt32) {
        self.call = call
        self.leg = leg
        self.sequence = sequence
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        leg = try decoder.read()
        sequence = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("leg", leg)
        visitor.field("sequence", sequence)
    }

    public var stream: FactStream { FactStream(call) }
}

/// The session timer of one leg is another one from here on (RFC 4028): a refresh agreed on another
/// interval or another refresher, or on none.
///
/// Without this fact a leg has the timer that its INVITE and the 2xx to it say.
public struct SessionTimerChanged: Fact {
    public static let kind = FactKind.sessionTimerChanged
    public static let version: UInt8 = 1

    public var call: CallID
    public var leg: CallParty
    /// Seconds; `nil` where there is no timer any more.
    public var interval: UInt32?
    public var isRefreshedByUs: Bool
    /// The largest Min-SE that the peer has asked for, in seconds; 0 where none was.
    public var minimum: UInt32
    /// Whether the peer takes UPDATE.
    public var takesUpdate: Bool

    public init(
        call: CallID, leg: CallParty, interval: UInt32?, isRefreshedByUs: Bool = false,
        minimum: UInt32 = 0, takesUpdate: Bool = false
    ) {
        self.call = call
        self.leg = leg
        self.interval = interval
        self.isRefreshedByUs = isRefreshedByUs
        self.minimum = minimum
        self.takesUpdate = takesUpdate
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        leg = try decoder.read()
        interval = try decoder.read()
        isRefreshedByUs = try decoder.read()
        minimum = try decoder.read()
        takesUpdate = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("leg", leg)
        visitor.field("interval", interval)
        visitor.field("is_refreshed_by_us", isRefreshedByUs)
        visitor.field("minimum", minimum)
        visitor.field("takes_update", takesUpdate)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A re-INVITE of `initiator` is about to be passed on. `request` is the datagram as received from
/// `source`, `invite` the one that leaves.
public struct ModificationSent: Fact {
    public static let kind = FactKind.modificationSent
    public static let version: UInt8 = 1

    public var call: CallID
    public var initiator: CallParty
    public var source: Endpoint
    public var request: Octets
    public var invite: Octets

    public init(
        call: CallID, initiator: CallParty, source: Endpoint, request: Octets, invite: Octets
    ) {
        self.call = call
        self.initiator = initiator
        self.source = source
        self.request = request
        self.invite = invite
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        initiator = try decoder.read()
        source = try decoder.read()
        request = try decoder.read()
        invite = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("initiator", initiator)
        visitor.field("source", source)
        visitor.field("request", request)
        visitor.field("invite", invite)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A re-INVITE changed nothing. `code` is what its initiator was answered.
public struct ModificationFailed: Fact {
    public static let kind = FactKind.modificationFailed
    public static let version: UInt8 = 1

    public var call: CallID
    public var initiator: CallParty
    public var code: StatusCode

    public init(call: CallID, initiator: CallParty, code: StatusCode) {
        self.call = call
        self.initiator = initiator
        self.code = code
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        initiator = try decoder.read()
        code = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("initiator", initiator)
        visitor.field("code", code)
    }

    public var stream: FactStream { FactStream(call) }
}
