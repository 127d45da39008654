internal import Ledger
internal import NIOCore
internal import SIPAgent
internal import TrunkEvents

/// Runs the agent on one event loop: messages in, facts to the ledger, messages out.
///
///     messages  --> GatedAgent --> facts -----> LedgerWriter (its own thread)
///                      |   ^                        |
///                      |   +--------durable---------+
///                      +-----> messages --> transports
///
/// Everything here belongs to the event loop; only the ledger's completion comes from elsewhere
/// and hops back.
final class AgentDriver {
    private let loop: any EventLoop
    private let writer: LedgerWriter
    private let report: @Sendable (RecorderNotice) -> Void
    private var agent: GatedAgent
    private var transports: [Endpoint: ListenerTransport] = [:]
    private var names: NameService?
    private var wakeUp: (at: MonotonicInstant, task: Scheduled<Void>)?
    private var waits = DurableWaits()
    private var firstCommitEnded: (() -> Void)?
    private var drain: Drain?
    private var stopped: (() -> Void)?

    /// On a busy line timers run and commits begin with the messages of that time, and the loop is
    /// not woken for them: to wake up costs as much processor time as a message. Nothing in SIP is
    /// so exact (T1 is 500 ms), and the next messages of a busy line are a look away.
    private static let slack = GatedAgent.Slack(
        timers: .milliseconds(10), commits: .milliseconds(4))

    private struct Drain {
        let deadline: MonotonicInstant
        let completion: () -> Void
    }

    init(
        core: consuming AgentCore, writer: LedgerWriter, loop: any EventLoop,
        report: @escaping @Sendable (RecorderNotice) -> Void
    ) {
        agent = GatedAgent(core: core)
        self.writer = writer
        self.loop = loop
        self.report = report
    }

    // MARK: - Inputs

    /// `completion` runs when the disk has taken the first facts, or has refused them for now.
    func start(
        transports: [ListenerTransport], dns: DNSSettings, node: ShortName, version: Octets,
        recovered: RecoveredState, completion: @escaping () -> Void
    ) {
        firstCommitEnded = completion
        let bound = NIOLoopBound(self, eventLoop: loop)
        names = NameService(dns) { [loop] reply, question in
            loop.execute { bound.value.receive(reply, to: question) }
        }
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

    func receive(_ messages: [ReceivedMessage], on local: Endpoint) {
        perform { core, output, _ in
            for message in messages {
                core.receive(
                    message.bytes, from: message.remote, on: local, at: SystemClock.now(),
                    into: &output)
            }
        }
    }

    func handle(_ event: StreamEvent, on local: Endpoint) {
        switch event {
        case .received(let messages):
            receive(messages, on: local)
        case .undelivered(let messages):
            perform { core, output, moment in
                for message in messages { core.undelivered(message, at: moment, into: &output) }
            }
        case .connected(let remote):
            report(.connected(remote))
        case .cannotConnect(let remote, let reason):
            report(.cannotConnect(remote, reason: reason))
        }
    }

    func reload(
        _ configuration: AgentConfiguration, dns: DNSSettings, securedBy tls: TLSContexts?
    ) {
        names?.use(dns)
        if let tls { for transport in transports.values { transport.secure(with: tls) } }
        perform { core, output, moment in
            core.reload(configuration, at: moment, into: &output)
        }
    }

    private func receive(_ reply: DNSReply, to question: DNSQuestion) {
        let moment = SystemClock.now()
        agent.step { core, output in
            guard core.receive(reply, to: question, at: moment, into: &output) else { return }
            for transport in transports.values { transport.expect(core.locatedNames) }
        }
        settle(at: moment)
    }

    /// Records a fact of another part of the process; `completion` runs once it is durable, or
    /// once it will not be.
    func record(_ event: Event, completion: @escaping DurableWaits.Completion) {
        waits.add(until: agent.recordedCount + 1, completion)
        guard waits.end == nil else { return }
        perform { _, output, moment in output.record(event, at: moment) }
    }

    /// Takes no new calls; `completion` runs when none is open any more, or after `span`.
    func drain(for span: Nanoseconds, completion: @escaping () -> Void) {
        guard drain == nil, !agent.isStopping else { return }
        drain = Drain(
            deadline: SystemClock.now().monotonic.advanced(by: span), completion: completion)
        perform { core, output, moment in core.drain(at: moment, into: &output) }
    }

    /// Hangs up, unregisters, waits for the answers until `limit` and records the stop.
    func shutdown(
        reason: StopReason, hangUpCalls: Bool, limit: Nanoseconds,
        completion: @escaping () -> Void
    ) {
        guard !agent.isStopping else { return }
        stopped = completion
        let moment = SystemClock.now()
        agent.beginStop(
            reason, hangUpCalls: hangUpCalls, until: moment.monotonic.advanced(by: limit),
            at: moment)
        settle(at: moment)
    }

    // MARK: - One turn

    private func perform(_ body: (inout AgentCore, inout AgentOutput, Moment) -> Void) {
        let moment = SystemClock.now()
        agent.step { core, output in
            body(&core, &output, moment)
            if let due = core.nextDeadline, due <= moment.monotonic {
                core.advance(to: SystemClock.now(), into: &output)
            }
        }
        settle(at: moment)
    }

    /// Carries out what the agent wants done, then arranges for the next turn.
    private func settle(at moment: Moment) {
        let isAwaited = !waits.isEmpty || firstCommitEnded != nil
        if let commit = agent.settle(at: moment, isAwaited: isAwaited, send: transmit) {
            append(commit)
        }
        for transport in transports.values { transport.flush() }
        agent.step { core, _ in names?.ask(core.takeQuestions()) }
        arm(at: moment.monotonic)
        finishDraining(at: moment.monotonic)
        if agent.isStopped, let stopped = stopped.take() {
            names?.close()
            names = nil
            waits.end(.stopped)
            stopped()
        }
    }

    private func transmit(_ message: OutgoingMessage) {
        guard let transport = transports[message.local] else {
            report(.noTransport(message.local))
            return
        }
        transport.write(message)
    }

    // MARK: - Commits

    private func append(_ commit: CommitQueue.Commit) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let loop = self.loop
        writer.append(commit.batch, reserve: commit.isReserve) { result in
            loop.execute { bound.value.commitEnded(result) }
        }
    }

    private func commitEnded(_ result: Result<AppendReceipt, LedgerError>) {
        let moment = SystemClock.now()
        defer { firstCommitEnded.take()?() }
        switch result {
        case .success:
            agent.committed(at: moment.monotonic, send: transmit)
            report(.recording)
            waits.reached(agent.durableCount)
        case .failure(let error):
            guard error.saysNothingWasRecorded else {
                // Offering the batch again could record it twice: only a restart, which reads
                // the log anew, can tell what became of it.
                waits.end(.ledger(error))
                report(.outcomeUnknown(error))
                return
            }
            agent.refused(at: moment)
            report(.notRecording(error))
        }
        settle(at: moment)
    }

    // MARK: - Time

    private func arm(at now: MonotonicInstant) {
        let due = agent.nextDue(within: Self.slack).earlier(drain?.deadline)
        guard due != wakeUp?.at else { return }
        wakeUp?.task.cancel()
        wakeUp = nil
        guard let due else { return }
        let delay = max(0, now.duration(to: due).count)
        let bound = NIOLoopBound(self, eventLoop: loop)
        let task = loop.scheduleTask(in: .nanoseconds(delay)) { bound.value.wake() }
        wakeUp = (due, task)
    }

    private func wake() {
        wakeUp = nil
        perform { _, _, _ in }
    }

    private func finishDraining(at now: MonotonicInstant) {
        guard let drain, agent.core.openCallCount == 0 || drain.deadline <= now else { return }
        self.drain = nil
        drain.completion()
    }
}

extension LedgerError {
    fileprivate var saysNothingWasRecorded: Bool {
        switch code {
        case .diskFull, .io, .queueFull, .readersFull, .permission: true
        case .notFound, .foreignDirectory, .newerFormat, .locked, .corrupt, .mapFull, .closed,
            .outcomeUnknown, .tooLarge, .unusableKey, .notCheckpointed, .notLive, .replaced,
            .diverged, .badImport, .archived, .database:
            false
        }
    }
}
