import Ledger
public import TrunkEvents

/// Who recorded this log, since when, and how long ago it last gave a sign of life.
public struct AgentLife: FactFold {
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

    private static let ownKinds: FactKinds = [.agentStarted, .agentStopped, .strangersDropped]

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
        case .agentStopped:
            stoppedAt = stamp.wall
        case .strangersDropped(let fact):
            strangersDropped &+= UInt64(fact.count)
        default:
            break
        }
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
