import TestSupport
import Testing

extension InteropTests {
    /// SIPp over TLS (through stunnel) on both sides of the agent.
    @Suite struct TLSTests {
        @Test(.timeLimit(.minutes(2)))
        func callsTravelOverTLSOnBothSides() async throws {
            try await withProcesses { scope in
                let stage = try await SecuredStage(scope)
                let callers = try await stage.placeAll()
                let callees = [stage.carrier, stage.dialer]
                try await stage.agent.waitUntilAllIsReleased()
                let records = try await stage.agent.callRecords()
                let counts = Dictionary(grouping: records, by: \.disposition).mapValues(\.count)
                #expect(counts == ["ANSWERED": 15, "BUSY": 5, "CANCELLED": 5])
                #expect(records.count { $0.direction == "inbound" } == 5)
                try await eventually("the callees saw every end") {
                    callees.calls.values.allSatisfy { $0.answeredAt == nil || $0.endedAt != nil }
                }
                // Another process stands between: exactness is the business of other tests.
                expectTalkTimes(
                    of: records, callers: callers.calls, callees: callees.calls, within: 400)
                for kind in ["attemptSent", "callStarted"] {
                    let key = kind == "attemptSent" ? "remote" : "source"
                    let places = try await stage.agent.events(kind).map { $0[key]?.string ?? "" }
                    #expect(places.allSatisfy { $0.hasPrefix("tls:") }, "\(kind) \(places)")
                }
                #expect(try await stage.agent.ask(["verify"]).succeeded)
                #expect(try await stage.agent.stop() == .exited(0))
            }
        }
    }
}

/// A carrier that wants a registration and a dialer, each behind a tunnel, and tunnels before those
/// who call.
private struct SecuredStage {
    let scope: ProcessScope
    let agent: Agent
    let carrier: Sipp
    let dialer: Sipp
    private let certificates: Certificates
    private let inbound = NumberPlan.answeredAtOnce.calls(5, from: 90_000)
    private static let carrierAddress = "127.0.0.3"
    private static let dialerAddress = "127.0.0.2"

    init(_ scope: ProcessScope) async throws {
        self.scope = scope
        certificates = try await Certificates(scope)
        let carrierGate = Peer(Self.carrierAddress)
        let dialerGate = Peer(Self.dialerAddress)
        carrier = try await Self.callee(scope, certificates, behind: carrierGate)
        dialer = try await Self.callee(scope, certificates, behind: dialerGate)
        let pair = try await certificates.issue("agent", for: ["IP:127.0.0.1"])
        var configuration = AgentConfiguration(
            listen: Peer("127.0.0.1"), dialerContact: dialerGate,
            trunks: [
                .registered("alpha-1", at: carrierGate, channels: 20, extra: ["qualify: 1s"])
            ],
            dids: inbound.map(\.number), transport: .tls)
        configuration.extra = [
            "tls:", "  certificate: \(pair.certificate)", "  key: \(pair.key)",
            "  ca: \(certificates.authority.certificate)", "  verify_clients: yes",
        ]
        let agent = try await scope.startAgent(configuration)
        self.agent = agent
        try await eventually("the registration is in the log") {
            try await !agent.events("registrationSucceeded").isEmpty
        }
    }

    /// SIPp over TCP, reached over TLS at `gate`.
    private static func callee(
        _ scope: ProcessScope, _ certificates: Certificates, behind gate: Peer
    ) async throws -> Sipp {
        var plan = CalleePlan()
        plan.transport = .tcp
        plan.refusedDigit = nil
        plan.contact = gate
        let sipp = try await scope.startCallee(Peer(gate.address), plan)
        _ = try await scope.startTunnel(
            TunnelPlan(
                accept: gate, connect: sipp.peer, isClient: false,
                own: try await certificates.issue(
                    "callee-\(gate.port)", for: ["IP:\(gate.address)"]),
                authority: certificates.authority.certificate))
        return sipp
    }

    func placeAll() async throws -> [Sipp] {
        let fromDialer = try await tunnel(from: Self.dialerAddress)
        let fromCarrier = try await tunnel(from: Self.carrierAddress)
        let plans: [(NumberPlan, Bool)] = [
            (.answered, false), (.hungUpByFarEnd, false), (.busy, false), (.silent, true),
        ]
        var callers = try plans.map { plan, cancels in
            try scope.startCaller(
                Peer(Self.dialerAddress), to: fromDialer, plan.calls(5), rate: 5,
                holdMilliseconds: cancels ? 300 : 1_000, cancels: cancels, transport: .tcp)
        }
        callers.append(
            try scope.startCaller(
                Peer(Self.carrierAddress), to: fromCarrier, inbound, rate: 5,
                holdMilliseconds: 500, transport: .tcp))
        for caller in callers {
            let status = try await caller.finish(within: .seconds(30))
            #expect(status == .exited(0), "\(caller.complaints)")
        }
        return callers
    }

    /// Where who calls from `address` reaches the agent over TLS.
    private func tunnel(from address: String) async throws -> Peer {
        let gate = Peer(address)
        _ = try await scope.startTunnel(
            TunnelPlan(
                accept: gate, connect: agent.listen, isClient: true,
                own: try await certificates.issue("caller-\(gate.port)", for: ["IP:\(address)"]),
                authority: certificates.authority.certificate))
        return gate
    }
}
