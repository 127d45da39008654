import Ledger
public import TrunkEvents

/// In what state a call's trunks, the agent and the clock were: of each matter the last fact before
/// the call, what changed during it, and the first fact after it.
public struct CallSurroundings: Sendable {
    private enum Matter: Hashable {
        case configuration(TrunkName)
        case registration(TrunkName)
        case reachability(TrunkName)
        case pause(TrunkName)
        case agent
        case clock
    }

    private struct Told {
        var before: LogEntry?
        var during: [LogEntry] = []
        var after: LogEntry?

        var all: [LogEntry] { (before.map { [$0] } ?? []) + during + (after.map { [$0] } ?? []) }
    }

    /// What ``apply(_:)`` takes an interest in.
    public static let kinds: Set<FactKind> = [
        .agentStarted, .agentStopped, .clockStepped, .trunkConfigured, .trunkRemoved,
        .registrationSucceeded, .registrationFailed, .registrationExpired, .registrationRemoved,
        .trunkReachable, .trunkUnreachable, .trunkResting,
    ]

    /// Those that carried the call or were asked to.
    public let trunks: [TrunkName]
    private let span: ClosedRange<Position>
    private var matters: [Matter: Told] = [:]

    /// - Parameter call: every fact of the call, in order; one at least.
    public init(of call: [LogEntry]) {
        guard let first = call.first, let last = call.last else {
            preconditionFailure("a call has a fact")
        }
        span = first.position...last.position
        var trunks: [TrunkName] = []
        for entry in call {
            if let trunk = entry.event.askedTrunk, !trunks.contains(trunk) { trunks.append(trunk) }
        }
        self.trunks = trunks
    }

    /// Takes the facts of the trunks and of the node, in the order of the log.
    public mutating func apply(_ entry: LogEntry) {
        guard let matter = Self.matter(of: entry.event) else { return }
        var told = matters[matter] ?? Told()
        if entry.position < span.lowerBound {
            told.before = entry
        } else if entry.position > span.upperBound {
            told.after = told.after ?? entry
        } else if !entry.event.repeats((told.during.last ?? told.before)?.event) {
            told.during.append(entry)
        }
        matters[matter] = told
    }

    /// What was kept, in the order of the log.
    public var facts: [LogEntry] {
        matters.values.flatMap(\.all).sorted { $0.position < $1.position }
    }

    private static func matter(of event: Event) -> Matter? {
        switch event {
        case .agentStarted, .agentStopped: .agent
        case .clockStepped: .clock
        case .trunkConfigured(let fact): .configuration(fact.trunk)
        case .trunkRemoved(let fact): .configuration(fact.trunk)
        case .registrationSucceeded(let fact): .registration(fact.trunk)
        case .registrationFailed(let fact): .registration(fact.trunk)
        case .registrationExpired(let fact): .registration(fact.trunk)
        case .registrationRemoved(let fact): .registration(fact.trunk)
        case .trunkReachable(let fact): .reachability(fact.trunk)
        case .trunkUnreachable(let fact): .reachability(fact.trunk)
        case .trunkResting(let fact): .pause(fact.trunk)
        default: nil
        }
    }
}

extension Event {
    fileprivate var askedTrunk: TrunkName? {
        switch self {
        case .channelSeized(let fact): fact.trunk
        case .channelRefused(let fact): fact.trunk
        default: nil
        }
    }

    /// Tells nothing new after `before`: a refreshed registration, a probe answered alike.
    fileprivate func repeats(_ before: Event?) -> Bool {
        switch (before, self) {
        case (.registrationSucceeded, .registrationSucceeded): true
        case (.trunkReachable(let old), .trunkReachable(let new)): old.code == new.code
        case (.trunkUnreachable, .trunkUnreachable), (.registrationFailed, .registrationFailed),
            (.trunkConfigured, .trunkConfigured):
            before == self
        default: false
        }
    }
}
