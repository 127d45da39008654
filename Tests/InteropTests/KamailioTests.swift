import TestSupport
import Testing

extension InteropTests {
    /// Kamailio as the registrar and as a proxy that stays on the path (Record-Route), over UDP and
    /// over TLS.
    @Suite struct KamailioTests {
        private let user = "2125550100"
        private let secret = "s3cret"

        @Test(.timeLimit(.minutes(2)), arguments: [SIPTransport.udp, .tls])
        func registersAndCarriesCallsBothWays(transport: SIPTransport) async throws {
            guard let program = Places.program("kamailio") else {
                Issue.record("kamailio is not installed; run tools/setup --with-tests")
                return
            }
            try await withProcesses { scope in
                let proxy = Peer("127.0.0.3")
                let inboundFrom = Peer("127.0.0.4")
                var plan = CalleePlan()
                plan.refusedDigit = nil
                let farEnd = try await scope.startCallee(Peer("127.0.0.4"), plan)
                let dialer = try await scope.startCallee(Peer("127.0.0.2"), plan)
                let certificates =
                    transport == .tls ? try await CarrierCertificates(scope, proxy) : nil
                let kamailio = try await startKamailio(
                    scope, program, proxy, callee: farEnd.peer, inboundFrom: inboundFrom,
                    certificates)
                let did = NumberPlan.answeredAtOnce.calls(1, from: 90_000)
                let agent = try await scope.startAgent(
                    configuration(proxy, dialer.peer, did.map(\.number), certificates))
                try await eventually("Kamailio let the registration in") {
                    kamailio.registrations(of: user) > 0
                }
                try await placeCalls(scope, agent, farEnd)
                let inbound = try scope.startCaller(
                    inboundFrom, to: proxy, did, rate: 1, holdMilliseconds: 500)
                #expect(
                    try await inbound.finish(within: .seconds(20)) == .exited(0),
                    "\(inbound.complaints)")
                #expect(dialer.count(.answered) == 1)
                try await expectRecords(agent)
                // The nonce is valid for 3 s and the registration for 8 s: a refresh meets `stale`.
                try await eventually("the registration is refreshed", within: .seconds(20)) {
                    kamailio.registrations(of: user) > 1
                }
                #expect(try await agent.events("registrationFailed").isEmpty)
                #expect(try await agent.stop() == .exited(0))
                try await eventually("the agent unregistered") {
                    kamailio.text.contains("registered \(user) expires 0")
                }
            }
        }

        /// The registrar of this test refuses a wrong secret: a registration proves something.
        @Test(.timeLimit(.minutes(1)))
        func wrongSecretIsNotLetIn() async throws {
            guard let program = Places.program("kamailio") else { return }
            try await withProcesses { scope in
                let proxy = Peer("127.0.0.3")
                let kamailio = try await startKamailio(
                    scope, program, proxy, callee: Peer("127.0.0.4"),
                    inboundFrom: Peer("127.0.0.4"))
                let trunk = AgentConfiguration.Trunk.registered(
                    "alpha-1", at: proxy, channels: 5, extra: ["qualify: off"], user: user,
                    secret: "wrong")
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                        trunks: [trunk]))
                try await eventually("the failure is in the log") {
                    try await !agent.events("registrationFailed").isEmpty
                }
                #expect(kamailio.registrations(of: user) == 0)
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, NumberPlan.answered.calls(1), rate: 1,
                    holdMilliseconds: 100)
                try await caller.finish(within: .seconds(20))
                let refusal = caller.facts.first { $0.kind == .refused }
                #expect(refusal?.code == 503)
                #expect(refusal?.cause == 38)
                let reasons = try await agent.events("channelRefused").map { $0["reason"]?.string }
                #expect(reasons == ["unregistered"])
            }
        }

        private func configuration(
            _ proxy: Peer, _ dialer: Peer, _ dids: [String], _ certificates: CarrierCertificates?
        ) -> AgentConfiguration {
            var trunk = AgentConfiguration.Trunk.registered(
                "alpha-1", at: proxy, channels: 20, extra: ["qualify: off"], user: user,
                secret: secret)
            if certificates != nil { trunk.way += ";transport=tls" }
            var configuration = AgentConfiguration(
                listen: Peer("127.0.0.1"), dialerContact: dialer, trunks: [trunk], dids: dids)
            if let certificates {
                configuration.moreListeners = ["tls://\(Peer("127.0.0.1"))"]
                configuration.extra = certificates.agentLines
            }
            return configuration
        }

        private func placeCalls(
            _ scope: ProcessScope, _ agent: Agent, _ farEnd: Sipp
        ) async throws {
            let plans: [(NumberPlan, Bool)] = [
                (.answered, false), (.hungUpByFarEnd, false), (.busy, false), (.silent, true),
            ]
            let callers = try plans.map { plan, cancels in
                try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, plan.calls(5), rate: 5,
                    holdMilliseconds: cancels ? 300 : 1_000, cancels: cancels)
            }
            for caller in callers {
                let status = try await caller.finish(within: .seconds(30))
                #expect(status == .exited(0), "\(caller.complaints)")
            }
            #expect(farEnd.count(.answered) == 10)
            #expect(farEnd.count(.cancelled) == 5)
        }

        private func expectRecords(_ agent: Agent) async throws {
            try await agent.waitUntilAllIsReleased()
            let records = try await agent.callRecords()
            let counts = Dictionary(grouping: records, by: \.disposition).mapValues(\.count)
            #expect(counts == ["ANSWERED": 11, "BUSY": 5, "CANCELLED": 5])
            #expect(records.filter { $0.direction == "inbound" }.map(\.trunk) == ["alpha-1"])
        }

        private func startKamailio(
            _ scope: ProcessScope, _ program: String, _ proxy: Peer, callee: Peer,
            inboundFrom: Peer, _ certificates: CarrierCertificates? = nil
        ) async throws -> Kamailio {
            let scenario = Scenario(
                "kamailio.cfg",
                [
                    "ADDRESS": proxy.address, "PORT": "\(proxy.port)", "USER": user,
                    "SECRET": secret, "CALLEE": "\(callee)", "INBOUND_FROM": inboundFrom.address,
                    "INBOUND_PORT": "\(inboundFrom.port)", "NONCE_EXPIRE": "3",
                    "MAX_EXPIRES": "8",
                    "TRANSPORTS": certificates == nil
                        ? "disable_tcp=yes" : "enable_tls=yes\nlisten=tls:\(proxy)",
                    "MODULES": certificates?.kamailioLines ?? "",
                ])
            let path = try scope.write(try scenario.text(), to: "kamailio.cfg")
            let directory = scope.directory
            let child = try scope.start(
                program,
                [
                    "-f", path, "-DD", "-E", "-m", "16", "-M", "4", "-Y", directory, "-w",
                    directory,
                    "-P", "\(directory)/kamailio.pid",
                ])
            try await eventually("Kamailio listens") { proxy.isBound || !child.isRunning }
            return Kamailio(child: child)
        }
    }
}

/// An authority that both sides trust. The carrier is known by its address, which its certificate
/// names; both show theirs.
private struct CarrierCertificates {
    private let authority: Certificates.Pair
    private let carrier: Certificates.Pair
    private let agent: Certificates.Pair

    init(_ scope: ProcessScope, _ carrier: Peer) async throws {
        let certificates = try await Certificates(scope)
        authority = certificates.authority
        self.carrier = try await certificates.issue("carrier", for: ["IP:\(carrier.address)"])
        agent = try await certificates.issue("agent", for: ["IP:127.0.0.1"])
    }

    var agentLines: [String] {
        [
            "tls:", "  certificate: \(agent.certificate)", "  key: \(agent.key)",
            "  ca: \(authority.certificate)", "  minimum: \"1.2\"", "  verify_clients: yes",
        ]
    }

    var kamailioLines: String {
        """
        loadmodule "tls.so"
        modparam("tls", "tls_method", "TLSv1.2+")
        modparam("tls", "certificate", "\(carrier.certificate)")
        modparam("tls", "private_key", "\(carrier.key)")
        modparam("tls", "ca_list", "\(authority.certificate)")
        modparam("tls", "verify_certificate", 1)
        modparam("tls", "require_certificate", 1)
        """
    }
}

/// What a running Kamailio logs.
private struct Kamailio {
    let child: ChildProcess

    var text: String { child.output + child.errorOutput }

    /// How often it let `user` in with a lifetime above 0.
    func registrations(of user: String) -> Int {
        text.split(separator: "\n").count { line in
            line.contains("registered \(user) expires") && !line.hasSuffix("expires 0")
        }
    }
}
