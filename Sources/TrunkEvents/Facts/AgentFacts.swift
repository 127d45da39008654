// Facts about the agent as a whole.

/// The agent opened its log and is about to serve.
public struct AgentStarted: Fact {
    public static let kind = FactKind.agentStarted
    public static let version: UInt8 = 2
    public static let oldestVersion: UInt8 = 1

    public var node: ShortName
    public var version: Octets
    /// Names the machine's boot: starts that name the same one share its monotonic clock. Empty
    /// where it is not known, as in version 1.
    public var machineBoot: Octets

    public init(node: ShortName, version: Octets, machineBoot: Octets = .empty) {
        self.node = node
        self.version = version
        self.machineBoot = machineBoot
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        node = try decoder.read()
        version = try decoder.read()
        machineBoot = decoder.version >= 2 ? try decoder.read() : .empty
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("node", node)
        visitor.field("version", version)
        visitor.field("machine_boot", machineBoot)
    }

    public var stream: FactStream { .node }
}

/// The agent stopped on purpose. A crash leaves no such fact.
public struct AgentStopped: Fact {
    public static let kind = FactKind.agentStopped
    public static let version: UInt8 = 1

    public var reason: StopReason
    public var openCalls: UInt32

    public init(reason: StopReason, openCalls: UInt32) {
        self.reason = reason
        self.openCalls = openCalls
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        reason = try decoder.read()
        openCalls = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("reason", reason)
        visitor.field("open_calls", openCalls)
    }

    public var stream: FactStream { .node }
}

/// The agent was alive and served: what was open then had not ended yet.
public struct Heartbeat: Fact {
    public static let kind = FactKind.heartbeat
    public static let version: UInt8 = 1

    public var openCalls: UInt32

    public init(openCalls: UInt32) {
        self.openCalls = openCalls
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        openCalls = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("open_calls", openCalls)
    }

    public var stream: FactStream { .node }
}

/// The wall clock moved against the monotonic clock by more than drift explains.
public struct ClockStepped: Fact {
    public static let kind = FactKind.clockStepped
    public static let version: UInt8 = 1

    public var step: Nanoseconds

    public init(step: Nanoseconds) {
        self.step = step
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        step = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("step", step)
    }

    public var stream: FactStream { .node }
}

/// Datagrams of a source that is neither dialer nor carrier, in the minute that began then.
public struct StrangersDropped: Fact {
    public static let kind = FactKind.strangersDropped
    public static let version: UInt8 = 1

    public var source: IPAddress
    public var minute: WallInstant
    public var count: UInt32

    public init(source: IPAddress, minute: WallInstant, count: UInt32) {
        self.source = source
        self.minute = minute
        self.count = count
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        source = try decoder.read()
        minute = try decoder.read()
        count = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("source", source)
        visitor.field("minute", minute)
        visitor.field("count", count)
    }

    public var stream: FactStream { .node }
}
