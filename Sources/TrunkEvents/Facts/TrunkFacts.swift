// Facts about a trunk's configuration, load and reachability.

/// A trunk's settings, in force from this position on.
public struct TrunkConfigured: Fact {
    public static let kind = FactKind.trunkConfigured
    public static let version: UInt8 = 2
    public static let oldestVersion: UInt8 = 1

    public var trunk: TrunkName
    public var carrier: CarrierName
    public var channels: UInt32
    public var channelsIn: UInt32?
    public var channelsOut: UInt32?
    public var authentication: TrunkAuthentication
    public var isProbed: Bool
    /// Windows that do not count in its availability, as the configuration writes them. Version 1
    /// has none.
    public var maintenance: [Octets]

    public init(
        trunk: TrunkName, carrier: CarrierName, channels: UInt32, channelsIn: UInt32? = nil,
        channelsOut: UInt32? = nil, authentication: TrunkAuthentication, isProbed: Bool,
        maintenance: [Octets] = []
    ) {
        self.trunk = trunk
        self.carrier = carrier
        self.channels = channels
        self.channelsIn = channelsIn
        self.channelsOut = channelsOut
        self.authentication = authentication
        self.isProbed = isProbed
        self.maintenance = maintenance
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        carrier = try decoder.read()
        channels = try decoder.read()
        channelsIn = try decoder.read()
        channelsOut = try decoder.read()
        authentication = try decoder.read()
        isProbed = try decoder.read()
        maintenance = decoder.version >= 2 ? try decoder.read() : []
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("carrier", carrier)
        visitor.field("channels", channels)
        visitor.field("channels_in", channelsIn)
        visitor.field("channels_out", channelsOut)
        visitor.field("authentication", authentication)
        visitor.field("is_probed", isProbed)
        visitor.field("maintenance", maintenance)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// The trunk left the configuration.
public struct TrunkRemoved: Fact {
    public static let kind = FactKind.trunkRemoved
    public static let version: UInt8 = 1

    public var trunk: TrunkName

    public init(trunk: TrunkName) {
        self.trunk = trunk
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// Channels in use rose to the configured share of the cap, in total or of one direction.
public struct TrunkNearCap: Fact {
    public static let kind = FactKind.trunkNearCap
    public static let version: UInt8 = 2
    public static let oldestVersion: UInt8 = 1

    public var trunk: TrunkName
    public var inUse: UInt32
    public var cap: UInt32
    /// Whose share of the channels it is; `nil` for both together. Version 1 has those alone.
    public var direction: CallDirection?

    public init(
        trunk: TrunkName, inUse: UInt32, cap: UInt32, direction: CallDirection? = nil
    ) {
        self.trunk = trunk
        self.inUse = inUse
        self.cap = cap
        self.direction = direction
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        inUse = try decoder.read()
        cap = try decoder.read()
        direction = decoder.version >= 2 ? try decoder.read() : nil
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("in_use", inUse)
        visitor.field("cap", cap)
        visitor.field("direction", direction)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// Channels in use fell clearly below that share again.
public struct TrunkBelowCap: Fact {
    public static let kind = FactKind.trunkBelowCap
    public static let version: UInt8 = 2
    public static let oldestVersion: UInt8 = 1

    public var trunk: TrunkName
    public var inUse: UInt32
    public var cap: UInt32
    /// Whose share of the channels it is; `nil` for both together. Version 1 has those alone.
    public var direction: CallDirection?

    public init(
        trunk: TrunkName, inUse: UInt32, cap: UInt32, direction: CallDirection? = nil
    ) {
        self.trunk = trunk
        self.inUse = inUse
        self.cap = cap
        self.direction = direction
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        inUse = try decoder.read()
        cap = try decoder.read()
        direction = decoder.version >= 2 ? try decoder.read() : nil
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("in_use", inUse)
        visitor.field("cap", cap)
        visitor.field("direction", direction)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// The carrier answered our OPTIONS probe.
public struct TrunkReachable: Fact {
    public static let kind = FactKind.trunkReachable
    public static let version: UInt8 = 1

    public var trunk: TrunkName
    public var code: StatusCode
    public var roundTrip: Nanoseconds

    public init(trunk: TrunkName, code: StatusCode, roundTrip: Nanoseconds) {
        self.trunk = trunk
        self.code = code
        self.roundTrip = roundTrip
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        code = try decoder.read()
        roundTrip = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("code", code)
        visitor.field("round_trip", roundTrip)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// The carrier did not answer our OPTIONS probe, or refused service; or nobody can tell where it
/// is.
public struct TrunkUnreachable: Fact {
    public static let kind = FactKind.trunkUnreachable
    public static let version: UInt8 = 1

    public var trunk: TrunkName
    public var cause: ProbeFailure
    public var code: StatusCode?

    public init(trunk: TrunkName, cause: ProbeFailure, code: StatusCode? = nil) {
        self.trunk = trunk
        self.cause = cause
        self.code = code
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        cause = try decoder.read()
        code = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("cause", cause)
        visitor.field("code", code)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// The carrier asked for a pause (`Retry-After` with 503 or with an answer that says it is full):
/// calls are not offered until it is over.
public struct TrunkResting: Fact {
    public static let kind = FactKind.trunkResting
    public static let version: UInt8 = 1

    public var trunk: TrunkName
    /// Of several hosts, the one that asked; `nil` where the whole trunk pauses.
    public var host: Endpoint?
    public var seconds: UInt32

    public init(trunk: TrunkName, host: Endpoint? = nil, seconds: UInt32) {
        self.trunk = trunk
        self.host = host
        self.seconds = seconds
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        host = try decoder.read()
        seconds = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("host", host)
        visitor.field("seconds", seconds)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// DNS names these hosts for the trunk from here on, the most wanted first.
public struct TrunkLocated: Fact {
    public static let kind = FactKind.trunkLocated
    public static let version: UInt8 = 1

    public var trunk: TrunkName
    /// Empty: it names none any more.
    public var hosts: [Endpoint]

    public init(trunk: TrunkName, hosts: [Endpoint]) {
        self.trunk = trunk
        self.hosts = hosts
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        hosts = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("hosts", hosts)
    }

    public var stream: FactStream { FactStream(trunk) }
}
