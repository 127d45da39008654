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
                let kamailio = try await scope.startKamailio(
                    program, at: proxy, kamailioPlan(farEnd.peer, inboundFrom: inboundFrom),
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
                let kamailio = try await scope.startKamailio(
                    program, at: proxy,
                    kamailioPlan(Peer("127.0.0.4"), inboundFrom: Peer("127.0.0.4")))
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

        /// The first registrar is silent: after 8 s the trunk registers with the next, and its
        /// calls go there, along the Service-Route that it names.
        @Test(.timeLimit(.minutes(1)))
        func registersElsewhereWhenTheFirstRegistrarIsSilent() async throws {
            guard let program = Places.program("kamailio") else { return }
            try await withProcesses { scope in
                let farEnd = try await scope.startCallee(Peer("127.0.0.4"))
                let backup = Peer("127.0.0.3")
                let kamailio = try await scope.startKamailio(
                    program, at: backup, kamailioPlan(farEnd.peer, inboundFrom: Peer("127.0.0.4")))
                let agent = try await scope.startAgent(
                    configuration(
                        Peer("127.0.0.5"), Peer("127.0.0.2"), [],
                        extra: ["backup_registrars: [\"\(backup)\"]"]))
                try await eventually("the backup lets it in", within: .seconds(30)) {
                    kamailio.registrations(of: user) > 0
                }
                try await eventually("the registration is in the log") {
                    try await agent.events("registrationSucceeded").last?["registrar"]?.string
                        == "udp:\(backup)"
                }
                #expect(
                    try await agent.events("registrationFailed").map { $0["cause"]?.string }
                        == ["timeout"])
                try await placeCall(scope, agent)
                #expect(farEnd.count(.answered) == 1)
                let sent = try await agent.events("attemptSent").first?["invite"]?.string ?? ""
                #expect(sent.contains("Route: <sip:\(backup);lr>"))
            }
        }

        /// An edge proxy before the registrar: REGISTER and calls carry it in Route, it adds itself
        /// to Path, and calls of both directions come and go through it.
        @Test(.timeLimit(.minutes(1)))
        func registersAndCallsThroughAnOutboundProxy() async throws {
            guard let program = Places.program("kamailio") else { return }
            try await withProcesses { scope in
                let farEnd = try await scope.startCallee(Peer("127.0.0.4"))
                let dialer = try await scope.startCallee(Peer("127.0.0.2"))
                let (registrar, edge) = (Peer("127.0.0.3"), Peer("127.0.0.5"))
                let inboundFrom = Peer("127.0.0.4")
                let kamailio = try await scope.startKamailio(
                    program, at: registrar, kamailioPlan(farEnd.peer, inboundFrom: inboundFrom))
                let proxy = try await scope.startKamailioEdge(program, at: edge)
                let did = NumberPlan.answeredAtOnce.calls(1, from: 90_000)
                let agent = try await scope.startAgent(
                    configuration(
                        registrar, dialer.peer, did.map(\.number),
                        extra: ["outbound_proxy: sip:\(edge)"]))
                try await eventually("Kamailio let the registration in") {
                    kamailio.registrations(of: user) > 0
                }
                try await placeCall(scope, agent)
                #expect(farEnd.count(.answered) == 1)
                let inbound = try scope.startCaller(
                    inboundFrom, to: registrar, did, rate: 1, holdMilliseconds: 300)
                #expect(
                    try await inbound.finish(within: .seconds(20)) == .exited(0),
                    "\(inbound.complaints)")
                #expect(dialer.count(.answered) == 1)
                #expect(proxy.text.contains("REGISTER with Route <sip:\(edge);lr>"))
                #expect(proxy.text.contains("Supported path"))
                #expect(proxy.text.contains("INVITE with Route <sip:\(edge);lr>"))
                let sent = try await agent.events("attemptSent").first?["invite"]?.string ?? ""
                #expect(sent.contains("Route: <sip:\(registrar);lr>"))
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(records.map(\.disposition) == ["ANSWERED", "ANSWERED"])
            }
        }

        /// One registration, two contacts: the registrar has both, and a call for either finds us
        /// under its name.
        @Test(.timeLimit(.minutes(1)))
        func everyContactIsBoundAndCalled() async throws {
            guard let program = Places.program("kamailio") else { return }
            try await withProcesses { scope in
                let dialer = try await scope.startCallee(Peer("127.0.0.2"))
                let (registrar, inboundFrom) = (Peer("127.0.0.3"), Peer("127.0.0.4"))
                var plan = kamailioPlan(inboundFrom, inboundFrom: inboundFrom)
                plan.callsContacts = true
                let kamailio = try await scope.startKamailio(program, at: registrar, plan)
                var configuration = configuration(
                    registrar, dialer.peer, ["4000", "4001"], extra: ["contacts: [4001]"])
                configuration.trunks[0].way += "/4000"
                let agent = try await scope.startAgent(configuration)
                try await eventually("Kamailio let the registration in") {
                    kamailio.registrations(of: user) > 0
                }
                let inbound = try scope.startCaller(
                    inboundFrom, to: registrar, NumberPlan.answeredAtOnce.calls(2, from: 90_000),
                    rate: 2, holdMilliseconds: 300)
                #expect(
                    try await inbound.finish(within: .seconds(20)) == .exited(0),
                    "\(inbound.complaints) \(kamailio.text)")
                #expect(kamailio.text.contains("contacts 2"))
                let called = try await agent.events("callStarted").map { $0["b_raw"]?.string }
                #expect(Set(called) == ["4000", "4001"])
                #expect(dialer.count(.answered) == 2)
                #expect(try await agent.stop() == .exited(0))
                #expect(try await agent.events("registrationRemoved").count == 1)
            }
        }

        /// RFC 3665 section 3.3: the edge asks in its realm, then the registrar in its own; both
        /// with REGISTER, and both with a call.
        @Test(.timeLimit(.minutes(1)))
        func twoProxiesAskInTurn() async throws {
            guard let program = Places.program("kamailio") else { return }
            try await withProcesses { scope in
                let farEnd = try await scope.startCallee(Peer("127.0.0.4"))
                let (registrar, edge) = (Peer("127.0.0.3"), Peer("127.0.0.5"))
                var plan = kamailioPlan(farEnd.peer, inboundFrom: Peer("127.0.0.4"))
                plan.asksCallers = true
                let kamailio = try await scope.startKamailio(program, at: registrar, plan)
                _ = try await scope.startKamailioEdge(program, at: edge, asking: secret)
                let agent = try await scope.startAgent(
                    configuration(
                        registrar, Peer("127.0.0.2"), [],
                        extra: ["outbound_proxy: sip:\(edge)"]))
                try await eventually("both let the registration in") {
                    kamailio.registrations(of: user) > 0
                }
                #expect(try await agent.events("registrationFailed").isEmpty)
                try await placeCall(scope, agent)
                #expect(farEnd.count(.answered) == 1)
                let sent = try await agent.events("attemptSent").map {
                    $0["invite"]?.string ?? ""
                }
                let realms = sent.map { invite in
                    ["edge.example", "home.example"].filter {
                        invite.contains("realm=\"\($0)\"")
                    }
                }
                #expect(realms == [[], ["edge.example"], ["edge.example", "home.example"]])
                try await agent.waitUntilAllIsReleased()
                #expect(try await agent.callRecords().map(\.disposition) == ["ANSWERED"])
            }
        }

        private func placeCall(_ scope: ProcessScope, _ agent: Agent) async throws {
            let caller = try scope.startCaller(
                Peer("127.0.0.2"), to: agent.listen, NumberPlan.answeredAtOnce.calls(1), rate: 1,
                holdMilliseconds: 300)
            let status = try await caller.finish(within: .seconds(20))
            #expect(status == .exited(0), "\(caller.complaints)")
        }

        private func configuration(
            _ registrar: Peer, _ dialer: Peer, _ dids: [String],
            _ certificates: CarrierCertificates? = nil, extra: [String] = []
        ) -> AgentConfiguration {
            var trunk = AgentConfiguration.Trunk.registered(
                "alpha-1", at: registrar, channels: 20, extra: ["qualify: off"] + extra,
                user: user, secret: secret)
            if certificates != nil { trunk.way += ";transport=tls" }
            var configuration = AgentConfiguration(
                listen: Peer("127.0.0.1"), dialerContact: dialer, trunks: [trunk], dids: dids)
            if let certificates {
                configuration.moreListeners = ["tls://\(Peer("127.0.0.1"))"]
                configuration.extra = certificates.agentLines
            }
            return configuration
        }

        private func kamailioPlan(_ callee: Peer, inboundFrom: Peer) -> KamailioPlan {
            KamailioPlan(user: user, secret: secret, callee: callee, inboundFrom: inboundFrom)
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
    }
}
