internal import Ledger
internal import NIOCore
internal import SIPAgent
internal import TrunkEvents

/// The agent's driver as other threads see it: every call hops to its event loop.
struct RunningAgent: Sendable {
    private let loop: any EventLoop
    private let driver: NIOLoopBound<AgentDriver>

    /// Opens the listeners and starts the agent behind them.
    static func start(
        _ configuration: AgentConfiguration, dns: DNSSettings, securedBy tls: TLSContexts?,
        writer: LedgerWriter, recovered: RecoveredState, version: Octets, on loop: any EventLoop,
        report: @escaping @Sendable (RecorderNotice) -> Void
    ) throws -> RunningAgent {
        let driver = try loop.submit {
            let core = AgentCore(configuration: configuration, entropy: .system)
            let driver = AgentDriver(core: core, writer: writer, loop: loop, report: report)
            return NIOLoopBound(driver, eventLoop: loop)
        }.wait()
        var transports: [ListenerTransport] = []
        for listener in configuration.listeners {
            transports.append(try bind(listener, securedBy: tls, on: loop, for: driver))
        }
        let started = loop.makePromise(of: Void.self)
        loop.execute { [transports] in
            driver.value.start(
                transports: transports, dns: dns, node: configuration.node, version: version,
                recovered: recovered
            ) { started.succeed() }
        }
        // Who reads the ledger once we are ready finds in it that we are.
        try started.futureResult.wait()
        return RunningAgent(loop: loop, driver: driver)
    }

    private static func bind(
        _ listener: Endpoint, securedBy tls: TLSContexts?, on loop: any EventLoop,
        for driver: NIOLoopBound<AgentDriver>
    ) throws -> ListenerTransport {
        do {
            switch listener.transport {
            case .udp:
                let transport = UDPTransport.bind(listener, on: loop) { batch in
                    driver.value.receive(batch, on: listener)
                }
                return .datagrams(try transport.wait())
            case .tcp, .tls:
                let transport = StreamTransport.bind(
                    listener, securedBy: listener.transport == .tls ? tls : nil, on: loop
                ) { event in driver.value.handle(event, on: listener) }
                return .streams(try transport.wait())
            }
        } catch let error as TransportError {
            throw RecorderError.listener(error)
        }
    }

    func reload(
        _ configuration: AgentConfiguration, dns: DNSSettings, securedBy tls: TLSContexts?
    ) {
        loop.execute { driver.value.reload(configuration, dns: dns, securedBy: tls) }
    }

    /// Records a fact and returns once it is durable. Not on the event loop.
    ///
    /// - Throws: `RecorderError` when the agent ends before.
    func record(_ event: Event) throws {
        let durable = loop.makePromise(of: Void.self)
        loop.execute {
            driver.value.record(event) { durable.completeWith($0.mapError { $0 as any Error }) }
        }
        try durable.futureResult.wait()
    }

    /// Takes no new calls, waits for those that are open until `drain` has passed, then ends.
    func stop(
        drain: Nanoseconds, hangUpCalls: Bool, limit: Nanoseconds,
        completion: @escaping @Sendable () -> Void
    ) {
        loop.execute {
            driver.value.drain(for: drain) {
                driver.value.shutdown(
                    reason: .terminated, hangUpCalls: hangUpCalls, limit: limit,
                    completion: completion)
            }
        }
    }
}
