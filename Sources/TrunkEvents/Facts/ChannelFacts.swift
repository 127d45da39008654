// Facts about channels: the slots that a carrier sells.

/// A trunk was asked for a channel and had none to give. No attempt was made.
public struct ChannelRefused: Fact {
    public static let kind = FactKind.channelRefused
    public static let version: UInt8 = 1

    public var call: CallID
    public var trunk: TrunkName
    public var direction: CallDirection
    public var reason: RefusalReason
    public var inUse: UInt32
    public var cap: UInt32

    public init(
        call: CallID, trunk: TrunkName, direction: CallDirection, reason: RefusalReason,
        inUse: UInt32, cap: UInt32
    ) {
        self.call = call
        self.trunk = trunk
        self.direction = direction
        self.reason = reason
        self.inUse = inUse
        self.cap = cap
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        trunk = try decoder.read()
        direction = try decoder.read()
        reason = try decoder.read()
        inUse = try decoder.read()
        cap = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("trunk", trunk)
        visitor.field("direction", direction)
        visitor.field("reason", reason)
        visitor.field("in_use", inUse)
        visitor.field("cap", cap)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A channel is held from here on. `inUse` counts it; `cap` is the cap at that moment.
public struct ChannelSeized: Fact {
    public static let kind = FactKind.channelSeized
    public static let version: UInt8 = 1

    public var call: CallID
    public var trunk: TrunkName
    public var attempt: AttemptNumber
    public var direction: CallDirection
    public var inUse: UInt32
    public var cap: UInt32

    public init(
        call: CallID, trunk: TrunkName, attempt: AttemptNumber, direction: CallDirection,
        inUse: UInt32, cap: UInt32
    ) {
        self.call = call
        self.trunk = trunk
        self.attempt = attempt
        self.direction = direction
        self.inUse = inUse
        self.cap = cap
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        trunk = try decoder.read()
        attempt = try decoder.read()
        direction = try decoder.read()
        inUse = try decoder.read()
        cap = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("trunk", trunk)
        visitor.field("attempt", attempt)
        visitor.field("direction", direction)
        visitor.field("in_use", inUse)
        visitor.field("cap", cap)
    }

    public var stream: FactStream { FactStream(call) }
}

/// The trunk leg has really ended and the channel is free. `inUse` no longer counts it.
public struct ChannelReleased: Fact {
    public static let kind = FactKind.channelReleased
    public static let version: UInt8 = 1

    public var call: CallID
    public var trunk: TrunkName
    public var attempt: AttemptNumber
    public var inUse: UInt32

    public init(call: CallID, trunk: TrunkName, attempt: AttemptNumber, inUse: UInt32) {
        self.call = call
        self.trunk = trunk
        self.attempt = attempt
        self.inUse = inUse
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        trunk = try decoder.read()
        attempt = try decoder.read()
        inUse = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("trunk", trunk)
        visitor.field("attempt", attempt)
        visitor.field("in_use", inUse)
    }

    public var stream: FactStream { FactStream(call) }
}
