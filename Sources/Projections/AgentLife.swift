import Ledger
public import TrunkEvents

/// Who recorded this log, since when, and how long ago it last gave a sign of life.
public struct AgentLife: Projection {
    public static let name = "agent-life"
    public static let version: UInt32 = 1

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

    public init() {}

    public mutating func apply(_ entry: LogEntry, finished rows: inout [NoRow]) {
        switch entry.event {
        case .agentStarted(let fact):
            if startedAt != nil, stoppedAt == nil { crashCount += 1 }
            node = fact.node
            programVersion = fact.version
            startedAt = entry.wall
            boot = entry.stamp.boot
            stoppedAt = nil
            startCount += 1
        case .agentStopped:
            stoppedAt = entry.wall
        case .strangersDropped(let fact):
            strangersDropped &+= UInt64(fact.count)
        case .heartbeat, .clockStepped, .trunkConfigured, .trunkRemoved, .trunkNearCap,
            .trunkBelowCap, .trunkReachable, .trunkUnreachable, .registrationSucceeded,
            .registrationFailed, .registrationExpired, .registrationRemoved, .callStarted,
            .routeChosen, .callAnswered, .callModified, .callEnded, .callRecovered,
            .channelRefused, .channelSeized, .channelReleased, .attemptSent, .attemptProgressed,
            .attemptAnswered, .attemptFailed, .exportClosed,
            .exportDelivered, .exportFailed,
            .callContinued, .callInterim, .sequencesReserved, .modificationSent,
            .modificationFailed, .rateDeckLoaded, .invoiceLoaded:
            break
        }
        // What others record between two runs of the agent tells nothing of its life.
        if entry.stamp.boot == boot { lastEvidence = entry.stamp }
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
    }
}
