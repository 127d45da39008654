public import Ledger
public import TrunkEvents

/// One call as a ladder: who told whom what, and what was recorded of it, in the order of the log.
public struct CallLadder: Hashable, Sendable {
    public let call: CallID
    public let direction: CallDirection
    /// E.164 where it is known, else as it was sent.
    public let caller: Octets
    public let called: Octets
    public private(set) var rungs: [LadderRung] = []
    /// The channels that the call held, in the order of their seizure.
    public private(set) var channels: [LadderChannel] = []

    private let started: Stamp

    /// - Parameter facts: every event of one call, in order; `nil` without its `callStarted`.
    public init?(_ facts: [LogEntry]) {
        guard let first = facts.first, case .callStarted(let fact) = first.event else { return nil }
        call = fact.call
        direction = fact.direction
        caller = fact.aE164.isEmpty ? fact.aRaw : fact.aE164
        called = fact.bE164.isEmpty ? fact.bRaw : fact.bE164
        started = first.stamp
        for entry in facts { add(entry) }
    }

    private mutating func add(_ entry: LogEntry) {
        let line = LadderLine(entry.event, direction)
        rungs.append(
            LadderRung(
                position: entry.position, at: entry.wall,
                elapsed: started.elapsed(to: entry.stamp), kind: entry.event.kind, line: line))
        switch entry.event {
        case .channelSeized(let fact): channels.append(LadderChannel(fact, at: entry.stamp))
        case .channelReleased(let fact):
            let index = channels.firstIndex {
                $0.trunk == fact.trunk && $0.attempt == fact.attempt && $0.releasedAt == nil
            }
            if let index { channels[index].release(at: entry.stamp) }
        default: break
        }
    }
}

/// The columns of a ladder.
public enum LadderParty: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case dialer
    case agent
    case carrier

    public var description: String {
        switch self {
        case .dialer: "dialer"
        case .agent: "agent"
        case .carrier: "carrier"
        }
    }
}

/// One recorded fact of a call.
public struct LadderRung: Hashable, Sendable {
    public let position: Position
    public let at: WallInstant
    /// Since the call's first fact.
    public let elapsed: Nanoseconds
    public let kind: FactKind
    public let line: LadderLine
}

/// A channel that a call held.
public struct LadderChannel: Hashable, Sendable {
    public let trunk: TrunkName
    public let attempt: AttemptNumber
    /// The slot: how many of the trunk's channels were in use with this one.
    public let slot: UInt32
    /// The trunk's cap at that moment.
    public let cap: UInt32
    public let seizedAt: WallInstant
    public private(set) var releasedAt: WallInstant?
    /// Seizure to release; `nil` while it is held.
    public private(set) var held: Nanoseconds?

    private let seized: Stamp

    init(_ fact: ChannelSeized, at stamp: Stamp) {
        trunk = fact.trunk
        attempt = fact.attempt
        slot = fact.inUse
        cap = fact.cap
        seizedAt = stamp.wall
        seized = stamp
    }

    mutating func release(at stamp: Stamp) {
        releasedAt = stamp.wall
        held = seized.elapsed(to: stamp)
    }
}
