internal import SIPAgent
internal import TrunkEvents

/// The agent and the gate between its facts and its messages (promise 1), without sockets, disk and
/// clock. Steps of the agent and the ends of commits come in; messages that may leave now and the
/// batch to append next go out.
///
///     step --> AgentCore --> facts ----> CommitQueue --> batch to append
///                   |                         ^
///                   |                         +--- committed, refused
///                   |                         v
///                   +------> messages -> Outbox --> messages that leave
///
/// After each step and each end of a commit, `settle` says what follows.
struct GatedAgent: ~Copyable {
    /// A commit that takes longer makes the agent refuse new calls (promise 1).
    static let stallSpan = Nanoseconds.milliseconds(500)
    /// How long the last facts may take to reach the disk.
    static let lastCommitSpan = Nanoseconds.seconds(5)

    private(set) var core: AgentCore
    private var outbox = Outbox()
    private var commits = CommitQueue()
    private var output = AgentOutput()
    private var stop: Stop?

    private enum Stop {
        /// Calls and bindings are being ended, until the deadline.
        case closing(StopReason, deadline: MonotonicInstant)
        /// `agentStopped` is on its way to the disk.
        case recorded(deadline: MonotonicInstant)
        case stopped
    }

    init(core: consuming AgentCore) {
        self.core = core
    }

    // MARK: What comes in

    mutating func step(_ body: (inout AgentCore, inout AgentOutput) -> Void) {
        body(&core, &output)
    }

    /// The batch in flight is durable: what waited for it leaves.
    mutating func committed(at now: MonotonicInstant, send: (OutgoingMessage) -> Void) {
        outbox.committed(commits.succeeded(at: now), send: send)
    }

    /// The disk has taken nothing of the batch in flight, which is offered again later. Calls whose
    /// facts were in it or wait behind it are refused.
    mutating func refused(at moment: Moment) {
        commits.refused(at: moment.monotonic)
        let start = moment.wall.advanced(by: Nanoseconds(-Self.stallSpan.count))
        core.refuseCalls(startedSince: start, at: moment, into: &output)
    }

    /// Hangs up, unregisters, and waits for the answers until `deadline`; then the stop is
    /// recorded.
    mutating func beginStop(
        _ reason: StopReason, hangUpCalls: Bool, until deadline: MonotonicInstant,
        at moment: Moment
    ) {
        guard stop == nil else { return }
        stop = .closing(reason, deadline: deadline)
        core.shutdown(hangUpCalls: hangUpCalls, at: moment, into: &output)
    }

    // MARK: What follows

    /// Answers the batch that is to be appended now, if one is due.
    ///
    /// - Parameter isAwaited: someone else than a message waits for the facts to be durable.
    mutating func settle(
        at moment: Moment, isAwaited: Bool = false, send: (OutgoingMessage) -> Void
    ) -> CommitQueue.Commit? {
        let now = moment.monotonic
        while carryOut(at: moment, send: send) {}
        continueStop(at: moment)
        commits.schedule(isAwaited: isAwaited || !outbox.isEmpty || isStopRecorded, at: now)
        let due = commits.takeDue(at: now)
        outbox.expire(at: now, send: send)
        core.isShedding = isStalled(at: now)
        return due
    }

    /// Does what the agent wants done. `true`: a message was taken back, and new output follows.
    mutating func carryOut(at moment: Moment, send: (OutgoingMessage) -> Void) -> Bool {
        var withdrawn: [Withdrawal] = []
        do {
            let steps = output.steps
            // Lent, not copied: each step has many references.
            let lent = steps.span
            for index in lent.indices {
                switch lent[index] {
                case .record(let recorded):
                    record(recorded)
                case .send(let message):
                    // Only what may leave at once can be a copy that overtakes its original.
                    if message.gate == .open, outbox.holds(message) { continue }
                    if outbox.admits(message, at: moment.monotonic) { send(message) }
                case .withdraw(let withdrawal):
                    if outbox.takeBack(withdrawal.message) { withdrawn.append(withdrawal) }
                }
            }
        }
        output.removeAll()
        for withdrawal in withdrawn { core.withdrawn(withdrawal, at: moment, into: &output) }
        return !withdrawn.isEmpty
    }

    /// How late the agent's timers may run and commits may begin when nothing comes in.
    struct Slack {
        var timers = Nanoseconds.zero
        var commits = Nanoseconds.zero
    }

    /// When `settle` or the agent itself has something to do, at the latest.
    func nextDue(within slack: Slack = Slack()) -> MonotonicInstant? {
        let stallCheck = commits.waitingSince.map {
            $0.advanced(by: Self.stallSpan + .milliseconds(1))
        }
        return core.nextDeadline.map { $0.advanced(by: slack.timers) }
            .earlier(commits.nextDue.map { $0.advanced(by: slack.commits) })
            .earlier(outbox.nextDeadline).earlier(stopDeadline)
            .earlier(core.isShedding ? nil : stallCheck)
    }

    /// Facts recorded so far.
    var recordedCount: UInt64 { outbox.recordedCount }
    /// Of those, how many are durable.
    var durableCount: UInt64 { outbox.durableCount }

    private mutating func record(_ recorded: RecordedEvent) {
        commits.add(recorded)
        outbox.recorded()
    }

    private func isStalled(at now: MonotonicInstant) -> Bool {
        guard let since = commits.waitingSince else { return false }
        return commits.isRefused || since.duration(to: now) > Self.stallSpan
    }
}

// Stopping.
extension GatedAgent {
    var isStopping: Bool { stop != nil }

    /// The stop is on disk, or the disk has not taken it in time.
    var isStopped: Bool {
        if case .stopped = stop { true } else { false }
    }

    private var isStopRecorded: Bool {
        if case .recorded = stop { true } else { false }
    }

    private var stopDeadline: MonotonicInstant? {
        switch stop {
        case .closing(_, let deadline), .recorded(let deadline): deadline
        case .stopped, nil: nil
        }
    }

    private mutating func continueStop(at moment: Moment) {
        let now = moment.monotonic
        switch stop {
        case .closing(let reason, let deadline):
            guard core.isQuiet || deadline <= now else { return }
            let fact = AgentStopped(reason: reason, openCalls: UInt32(core.openCallCount))
            record(RecordedEvent(moment: moment, event: .agentStopped(fact)))
            stop = .recorded(deadline: now.advanced(by: Self.lastCommitSpan))
        case .recorded(let deadline):
            if commits.isEmpty || deadline <= now { stop = .stopped }
        case .stopped, nil:
            break
        }
    }
}
