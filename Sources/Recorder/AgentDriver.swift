internal import Ledger
internal import NIOCore
internal import SIPAgent
internal import TrunkEvents

/// Runs the agent on one event loop: datagrams in, facts to the ledger, messages out.
///
///     datagrams --> AgentCore --> facts ----> CommitQueue --> LedgerWriter (its own thread)
///                        |                                        |
///                        +------> messages -> Outbox <--durable---+
///                                               |
///                                               v
///                                           transports
///
/// Everything here belongs to the event loop; only the ledger's completion comes from elsewhere
/// and hops back.
final class AgentDriver {
    /// A commit that takes longer makes the agent refuse new calls (promise 1).
    static let stallSpan = Nanoseconds.milliseconds(500)

    private let loop: any EventLoop
    private let writer: LedgerWriter
    private let report: @Sendable (RecorderNotice) -> Void
    private var core: AgentCore
    private var transports: [Endpoint: UDPTransport] = [:]
    private var outbox = Outbox()
    private var commits = CommitQueue()
    private var output = AgentOutput()
    private var wakeUp: (at: MonotonicInstant, task: Scheduled<Void>)?
    private var durableActions: [(factCount: UInt64, action: () -> Void)] = []
    private var firstCommitEnded: (() -> Void)?
    private var drain: Drain?
    private var stop: Stop?

    private struct Drain {
        let deadline: MonotonicInstant
        let completion: () -> Void
    }

    private struct Stop {
        var deadline: MonotonicInstant
        var reason: StopReason
        var isRecorded = false
        var completion: () -> Void
    }

    init(
        core: consuming AgentCore, writer: LedgerWriter, loop: any EventLoop,
        report: @escaping @Sendable (RecorderNotice) -> Void
    ) {
        self.core = core
        self.writer = writer
        self.loop = loop
        self.report = report
    }

    // MARK: - Inputs

    /// `completion` runs when the disk has taken the first facts, or has refused them for now.
    func start(
        transports: [UDPTransport], node: ShortName, version: Octets, recovered: RecoveredState,
        completion: @escaping () -> Void
    ) {
        firstCommitEnded = completion
        for transport in transports { self.transports[transport.localEndpoint] = transport }
        perform { core, output, moment in
            output.record(
                .agentStarted(
                    AgentStarted(
                        node: node, version: version, machineBoot: SystemClock.machineBoot)),
                at: moment)
            core.start(recovering: recovered, at: moment, into: &output)
        }
    }

    func receive(_ datagrams: [ReceivedDatagram], on local: Endpoint) {
        perform { core, output, _ in
            for datagram in datagrams {
                core.receive(
                    datagram.bytes, from: datagram.remote, on: local, at: SystemClock.now(),
                    into: &output)
            }
        }
    }

    func reload(_ configuration: AgentConfiguration) {
        perform { core, output, moment in
            core.reload(configuration, at: moment, into: &output)
        }
    }

    /// Records a fact of another part of the process; `completion` runs once it is durable.
    func record(_ event: Event, completion: @escaping () -> Void) {
        durableActions.append((outbox.recordedCount + 1, completion))
        perform { _, output, moment in output.record(event, at: moment) }
    }

    /// Takes no new calls; `completion` runs when none is open any more, or after `span`.
    func drain(for span: Nanoseconds, completion: @escaping () -> Void) {
        guard drain == nil, stop == nil else { return }
        drain = Drain(
            deadline: SystemClock.now().monotonic.advanced(by: span), completion: completion)
        perform { core, output, moment in core.drain(at: moment, into: &output) }
    }

    /// Hangs up, unregisters, waits for the answers until `limit` and records the stop.
    func shutdown(
        reason: StopReason, hangUpCalls: Bool, limit: Nanoseconds,
        completion: @escaping () -> Void
    ) {
        guard stop == nil else { return }
        let deadline = SystemClock.now().monotonic.advanced(by: limit)
        stop = Stop(deadline: deadline, reason: reason, completion: completion)
        perform { core, output, moment in
            core.shutdown(hangUpCalls: hangUpCalls, at: moment, into: &output)
        }
    }

    // MARK: - One turn

    private func perform(_ body: (inout AgentCore, inout AgentOutput, Moment) -> Void) {
        let moment = SystemClock.now()
        body(&core, &output, moment)
        settle(at: moment.monotonic)
    }

    /// Carries out what the agent wants done, then arranges for the next turn.
    private func settle(at now: MonotonicInstant) {
        for step in output.steps {
            switch step {
            case .record(let recorded):
                commits.add(recorded)
                outbox.recorded()
            case .send(let message):
                guard !outbox.holds(message) else { continue }
                if outbox.admits(message, at: now) { transmit(message) }
            }
        }
        output.removeAll()
        finishStopping(at: now)
        commits.schedule(isAwaited: isAwaited, at: now)
        submitDue(at: now)
        outbox.expire(at: now, send: transmit)
        flush()
        core.isShedding = isStalled(at: now)
        arm(at: now)
        finishDraining(at: now)
    }

    private var isAwaited: Bool {
        !outbox.isEmpty || !durableActions.isEmpty || firstCommitEnded != nil
            || stop?.isRecorded == true
    }

    private func isStalled(at now: MonotonicInstant) -> Bool {
        guard let since = commits.waitingSince else { return false }
        return commits.isRefused || since.duration(to: now) > Self.stallSpan
    }

    private func transmit(_ message: OutgoingMessage) {
        guard let transport = transports[message.local] else {
            report(.noTransport(message.local))
            return
        }
        transport.write(message.bytes, to: message.remote)
    }

    private func flush() {
        for transport in transports.values { transport.flush() }
    }

    // MARK: - Commits

    private func submitDue(at now: MonotonicInstant) {
        guard let commit = commits.takeDue(at: now) else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let loop = self.loop
        writer.append(commit.batch, reserve: commit.isReserve) { result in
            loop.execute { bound.value.commitEnded(result) }
        }
    }

    private func commitEnded(_ result: Result<AppendReceipt, LedgerError>) {
        let now = SystemClock.now().monotonic
        defer { firstCommitEnded.take()?() }
        switch result {
        case .success:
            outbox.committed(commits.succeeded(at: now), send: transmit)
            report(.recording)
            runDurableActions()
        case .failure(let error):
            guard error.saysNothingWasRecorded else {
                // Offering the batch again could record it twice: only a restart, which reads
                // the log anew, can tell what became of it.
                report(.outcomeUnknown(error))
                return
            }
            commits.refused(at: now)
            report(.notRecording(error))
            refuseNewestCalls()
        }
        settle(at: now)
    }

    /// Calls whose facts were in the refused batch or wait behind it.
    private func refuseNewestCalls() {
        let moment = SystemClock.now()
        let start = moment.wall.advanced(by: Nanoseconds(-Self.stallSpan.count))
        core.refuseCalls(startedSince: start, at: moment, into: &output)
    }

    private func runDurableActions() {
        while let first = durableActions.first, first.factCount <= outbox.durableCount {
            durableActions.removeFirst()
            first.action()
        }
    }

    // MARK: - Time

    private func arm(at now: MonotonicInstant) {
        let stallCheck = commits.waitingSince.map {
            $0.advanced(by: Self.stallSpan + .milliseconds(1))
        }
        var due = earlier(core.nextDeadline, commits.nextDue)
        due = earlier(due, outbox.nextDeadline)
        due = earlier(due, drain?.deadline)
        due = earlier(due, stop?.deadline)
        if !core.isShedding { due = earlier(due, stallCheck) }
        guard let due else { return }
        if let wakeUp {
            guard due < wakeUp.at else { return }
            wakeUp.task.cancel()
        }
        let delay = max(0, now.duration(to: due).count)
        let bound = NIOLoopBound(self, eventLoop: loop)
        let task = loop.scheduleTask(in: .nanoseconds(delay)) { bound.value.wake() }
        wakeUp = (due, task)
    }

    private func wake() {
        wakeUp = nil
        perform { core, output, moment in core.advance(to: moment, into: &output) }
    }

    // MARK: - Stopping

    /// How long the last facts may take to reach the disk.
    private static let lastCommitSpan = Nanoseconds.seconds(5)

    private func finishDraining(at now: MonotonicInstant) {
        guard let drain, core.openCallCount == 0 || drain.deadline <= now else { return }
        self.drain = nil
        drain.completion()
    }

    private func finishStopping(at now: MonotonicInstant) {
        guard let stop else { return }
        if stop.isRecorded {
            guard commits.isEmpty || stop.deadline <= now else { return }
            self.stop = nil
            wakeUp?.task.cancel()
            stop.completion()
        } else if core.isQuiet || stop.deadline <= now {
            let fact = AgentStopped(reason: stop.reason, openCalls: UInt32(core.openCallCount))
            commits.add(
                RecordedEvent(moment: SystemClock.now(), event: .agentStopped(fact)))
            outbox.recorded()
            self.stop?.isRecorded = true
            self.stop?.deadline = now.advanced(by: Self.lastCommitSpan)
        }
    }
}

private func earlier(
    _ one: MonotonicInstant?, _ other: MonotonicInstant?
) -> MonotonicInstant? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
}

extension LedgerError {
    fileprivate var saysNothingWasRecorded: Bool {
        switch code {
        case .diskFull, .io, .queueFull, .readersFull, .permission: true
        case .notFound, .foreignDirectory, .newerFormat, .locked, .corrupt, .mapFull, .closed,
            .outcomeUnknown, .tooLarge, .unusableKey, .notCheckpointed, .database:
            false
        }
    }
}
