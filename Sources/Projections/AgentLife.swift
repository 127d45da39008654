import Ledger
public import TrunkEvents

/// Who recorded this log, since when, and how long ago it last gave a sign of life.
public struct AgentLife: FactFold {
    public static let name = "agent-life"
    public static let version: UInt32 = 2

    public private(set) var node: ShortName?
    public private(set) var programVersion: Octets = .empty
    /// The newest start; `nil` before the first.
    public private(set) var startedAt: WallInstant?
    /// Set while the agent is stopped on purpose.
    public private(set) var stoppedAt: WallInstant?
    /// The agent's last event of any kind.
    public private(set) var lastEvidence: Stamp?
    private var boot: BootID?
    public private(set) var startCount: UInt64 = 0
    /// Starts without a stop before them.
    public private(set) var crashCount: UInt64 = 0
    /// Datagrams from sources that are neither dialer nor carrier.
    public private(set) var strangersDropped: UInt64 = 0
    /// Requests of dialers and carriers that were dropped: too many of a source, or a banned one's.
    public private(set) var requestsDropped: UInt64 = 0
    /// The newest ban of each source that may still be in force; see ``bans(at:)``.
    private var bans: [SourceBan] = []

    public init() {}

    private static let ownKinds: FactKinds = [
        .agentStarted, .agentStopped, .strangersDropped, .requestsDropped, .sourceBanned,
    ]

    public mutating func read(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [NoRow]
    ) throws(FactDecodingError) {
        if Self.ownKinds.contains(fact.kind) { take(try fact.event(), at: stamp) }
        // What others record between two runs of the agent tells nothing of its life.
        if stamp.boot == boot { lastEvidence = stamp }
    }

    private mutating func take(_ event: Event, at stamp: Stamp) {
        switch event {
        case .agentStarted(let fact):
            if startedAt != nil, stoppedAt == nil { crashCount += 1 }
            node = fact.node
            programVersion = fact.version
            startedAt = stamp.wall
            boot = stamp.boot
            stoppedAt = nil
            startCount += 1
            // Bans are not kept over a restart.
            bans = []
        case .agentStopped:
            stoppedAt = stamp.wall
        case .strangersDropped(let fact):
            strangersDropped &+= UInt64(fact.count)
        case .requestsDropped(let fact):
            requestsDropped &+= UInt64(fact.count)
        case .sourceBanned(let fact):
            bans.removeAll { $0.source == fact.source || $0.until <= stamp.wall }
            bans.append(
                SourceBan(
                    source: fact.source, dialer: fact.dialer, since: stamp.wall, until: fact.until))
        default:
            break
        }
    }
}

/// Where requests are dropped for too many wrong passwords.
public struct SourceBan: Hashable, Sendable {
    public let source: IPAddress
    /// As whom it called.
    public let dialer: ShortName
    public let since: WallInstant
    public let until: WallInstant
}

extension AgentLife {
    /// The bans in force, the oldest first.
    public func bans(at now: WallInstant) -> [SourceBan] {
        stoppedAt == nil ? bans.filter { $0.until > now } : []
    }
}

extension SourceBan: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(source.high)
        encoder.append(source.low)
        encoder.write(dialer)
        encoder.write(since)
        encoder.write(until)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        source = IPAddress(high: try decoder.integer(), low: try decoder.integer())
        dialer = try decoder.read()
        since = try decoder.read()
        until = try decoder.read()
    }
}

extension AgentLife: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(node)
        encoder.write(programVersion)
        encoder.write(startedAt)
        encoder.write(stoppedAt)
        encoder.write(lastEvidence)
        encoder.write(boot)
        encoder.write(startCount)
        encoder.write(crashCount)
        encoder.write(strangersDropped)
        encoder.write(requestsDropped)
        encoder.write(bans)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        node = try decoder.read()
        programVersion = try decoder.read()
        startedAt = try decoder.read()
        stoppedAt = try decoder.read()
        lastEvidence = try decoder.read()
        boot = try decoder.read()
        startCount = try decoder.read()
        crashCount = try decoder.read()
        strangersDropped = try decoder.read()
        requestsDropped = try decoder.read()
        bans = try decoder.read()
    }
}
