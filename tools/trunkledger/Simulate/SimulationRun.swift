import Glibc
import NIOCore
import NIOPosix
import SIPAgent
import TrunkEvents

/// A simulated party on a socket, until it is over or a signal ends it.
struct SimulationRun<Party: SimulatedParty & ~Copyable> {
    /// After a signal: how long the other side may take to answer the hang-ups.
    private static var stopPolls: Int { 30 }

    let local: Endpoint
    /// Makes the party; it lives on its event loop.
    let party: @Sendable () -> Party
    /// What it has seen, in one line.
    let line: @Sendable (borrowing Party) -> String

    /// Returns the last line.
    func run() throws -> String {
        // Before the loop's thread begins: it inherits what is blocked.
        let signals = SignalPoll()
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let driver = try loop.submit {
            NIOLoopBound(
                SimulationDriver(party: party(), line: line, loop: loop), eventLoop: loop)
        }.wait()
        try open(driver, on: loop)
        var pollsLeft: Int?
        while true {
            let isSignalled = signals.wait()
            let report = try loop.submit { driver.value.report }.wait()
            StandardError.progress(report.line)
            if report.isOver || pollsLeft == 0 || (isSignalled && pollsLeft != nil) {
                StandardError.endProgress()
                return report.line
            }
            pollsLeft = pollsLeft.map { $0 - 1 }
            if isSignalled {
                pollsLeft = Self.stopPolls
                try loop.submit { driver.value.stop() }.wait()
            }
        }
    }

    private func open(
        _ driver: NIOLoopBound<SimulationDriver<Party>>, on loop: any EventLoop
    ) throws {
        do {
            let transport = try UDPTransport.bind(local, on: loop) { driver.value.receive($0) }
                .wait()
            try loop.submit { driver.value.start(on: transport) }.wait()
        } catch let error as TransportError {
            throw CommandFailure(.inputOutput, error.description)
        }
    }
}

/// Drives a party on its event loop: one turn for each batch of datagrams and each deadline.
final class SimulationDriver<Party: SimulatedParty & ~Copyable> {
    private var party: Party
    private let line: @Sendable (borrowing Party) -> String
    private let loop: any EventLoop
    private var transport: UDPTransport?
    private var wakeUp: (at: MonotonicInstant, task: Scheduled<Void>)?

    init(
        party: consuming Party, line: @escaping @Sendable (borrowing Party) -> String,
        loop: any EventLoop
    ) {
        self.party = party
        self.line = line
        self.loop = loop
    }

    struct Report: Sendable {
        var line: String
        var isOver: Bool
    }

    var report: Report { Report(line: line(party), isOver: party.isOver) }

    func start(on transport: UDPTransport) {
        self.transport = transport
        wake()
    }

    func receive(_ batch: [ReceivedMessage]) {
        let now = Self.now()
        for datagram in batch { party.receive(datagram.bytes, from: datagram.remote, at: now) }
        settle(at: now)
    }

    func stop() {
        let now = Self.now()
        party.stop(at: now)
        settle(at: now)
    }

    private func wake() {
        wakeUp = nil
        let now = Self.now()
        party.advance(to: now)
        settle(at: now)
    }

    private func settle(at now: MonotonicInstant) {
        for message in party.takeMessages() { transport?.write(message.bytes, to: message.remote) }
        transport?.flush()
        guard let due = party.nextDeadline else { return }
        if let wakeUp {
            guard due < wakeUp.at else { return }
            wakeUp.task.cancel()
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let delay = TimeAmount.nanoseconds(max(0, now.duration(to: due).count))
        wakeUp = (due, loop.scheduleTask(in: delay) { bound.value.wake() })
    }

    private static func now() -> MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(
            nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}

/// SIGINT and SIGTERM as something to wait for instead of an interruption.
struct SignalPoll {
    private static let pollNanoseconds = 100_000_000
    private var signals = sigset_t()

    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Says whether a signal came within a tenth of a second.
    func wait() -> Bool {
        var signals = self.signals
        var limit = timespec(tv_sec: 0, tv_nsec: Self.pollNanoseconds)
        return sigtimedwait(&signals, nil, &limit) > 0
    }
}
