internal import Ledger
internal import NIOCore
internal import NIOPosix
internal import Projections
internal import SIPAgent
public import TrunkEvents

/// How the recorder runs, beside its configuration.
public struct RunOptions: Sendable {
    /// How long a stop waits for calls to end by themselves.
    public var drain: Nanoseconds
    /// A stop leaves the calls that are still open to the next start.
    public var leavesCalls: Bool
    /// Of the program, for the log.
    public var version: String

    public init(drain: Nanoseconds = .zero, leavesCalls: Bool = false, version: String) {
        self.drain = drain
        self.leavesCalls = leavesCalls
        self.version = version
    }
}

/// The agent on a ledger, from start to stop.
public struct RecorderService: Sendable {
    /// How long a stop waits for the answers to its own BYE, CANCEL and REGISTER requests: those
    /// that are not answered by then are lost with their peers.
    static let hangUpSpan = Nanoseconds.seconds(5)

    private let configuration: RecorderConfiguration
    private let options: RunOptions
    private let tell: @Sendable (String) -> Void
    private let reload: @Sendable () throws -> RecorderConfiguration

    /// - Parameters:
    ///   - tell: takes one line for the operator at a time.
    ///   - reload: reads the configuration again, on SIGHUP.
    public init(
        _ configuration: RecorderConfiguration, options: RunOptions,
        tell: @escaping @Sendable (String) -> Void,
        reload: @escaping @Sendable () throws -> RecorderConfiguration
    ) {
        self.configuration = configuration
        self.options = options
        self.tell = tell
        self.reload = reload
    }

    /// Runs until SIGTERM or SIGINT, or until the ledger can no longer be trusted.
    ///
    /// - Throws: ``RecorderError``.
    public func run() throws {
        SignalWait.block()
        FreedMemory.returnBlocks()
        OpenFiles.raiseLimit()
        let writer: LedgerWriter
        do {
            writer = try LedgerWriter.open(
                configuration.ledgerPath, options: LedgerOptions(sealing: SealingPolicy()),
                onSealing: sealingNotices())
        } catch {
            throw RecorderError.ledger(error)
        }
        defer { writer.close() }
        let recovered = try BootRecovery.read(
            writer.reader, ledger: configuration.ledgerPath)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        let end = RecorderEnd()
        let running = try RunningAgent.start(
            configuration.agent, dns: configuration.dns,
            securedBy: Self.contexts(configuration), writer: writer, recovered: recovered,
            version: Octets(options.version), on: group.next(), report: notices(to: end))
        let keeper = try ProjectionKeeper(
            ledger: configuration.ledgerPath, reader: writer.reader, tell: tell)
        let door = openDoor(ControlService(keeper: keeper, agent: running, writer: writer))
        tell("ready: \(configuration.agent.listeners.map(\.description).joined(separator: ", "))")
        steer(running, until: end)
        door?.close()
        keeper.stop()
        try end.outcome()
    }

    private func openDoor(_ service: ControlService) -> ControlSocket? {
        let path = configuration.ledgerPath + "/control.sock"
        let door = ControlSocket.open(path) { service.answer($0) }
        if door == nil { tell("\(path) cannot be opened: cdr export waits until the agent stops") }
        return door
    }

    private static func contexts(
        _ configuration: RecorderConfiguration
    ) throws(RecorderError) -> TLSContexts? {
        guard let settings = configuration.tls else { return nil }
        do throws(TLSProblem) {
            return try TLSContexts(settings)
        } catch {
            throw .certificates(error)
        }
    }

    /// Waits for signals and carries out what they ask for, until the agent has ended.
    private func steer(_ running: RunningAgent, until end: RecorderEnd) {
        while true {
            switch SignalWait.next() {
            case .ended:
                if end.isReached { return }
            case .reload:
                reloadConfiguration(running)
            case .stop:
                tell("stopping")
                running.stop(
                    drain: options.drain, hangUpCalls: !options.leavesCalls,
                    limit: Self.hangUpSpan
                ) { end.reach(.stopped) }
            }
        }
    }

    private func reloadConfiguration(_ running: RunningAgent) {
        do {
            let next = try reload()
            guard next.agent.listeners == configuration.agent.listeners,
                next.ledgerPath == configuration.ledgerPath
            else {
                tell("not reloaded: listen and ledger can only change with a restart")
                return
            }
            let contexts = try Self.contexts(next)
            running.reload(next.agent, dns: next.dns, securedBy: contexts)
            tell("reloaded \(next.file)")
        } catch {
            tell("not reloaded, the old configuration stays: \(error)")
        }
    }

    /// Sealing is the operator's concern only where it does not go on.
    private func sealingNotices() -> @Sendable (SealingNotice) -> Void {
        let sealing = Health()
        return { [tell] notice in
            switch notice {
            case .sealed:
                if sealing.changes(to: true) { tell("old facts are sealed again") }
            case .postponed(let error, _):
                if sealing.changes(to: false) { tell("old facts stay unsealed for now: \(error)") }
            case .ended(let error):
                tell("old facts are not sealed any more: \(error)")
            }
        }
    }

    private func notices(to end: RecorderEnd) -> @Sendable (RecorderNotice) -> Void {
        let recording = Health()
        let peers = PeerHealth()
        return { notice in
            switch notice {
            case .recording:
                if recording.changes(to: true) { tell("the log takes facts again") }
            case .notRecording(let error):
                if recording.changes(to: false) { tell("new calls are refused: \(error)") }
            case .noTransport(let local):
                tell("no listener \(local) to send from")
            case .connected(let remote):
                if peers.changes(remote, to: true) { tell("connected to \(remote) again") }
            case .cannotConnect(let remote, let reason):
                if peers.changes(remote, to: false) {
                    tell("no connection to \(remote): \(reason)")
                }
            case .outcomeUnknown(let error):
                end.reach(.failed(.ledger(error)))
            }
        }
    }
}
