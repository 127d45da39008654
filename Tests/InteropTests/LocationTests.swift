import TestSupport
import Testing

extension InteropTests {
    /// Carriers by name: a real name server and resolver, SIPp behind them.
    @Suite struct LocationTests {
        private static let service = "_sip._udp.carrier.example"

        private func zone(_ hosts: [(name: String, peer: Peer)]) -> ZoneRecords {
            var zone = ZoneRecords()
            zone.naptr("carrier.example", 10, "SIP+D2U", to: Self.service)
            for (rank, host) in hosts.enumerated() {
                zone.srv(Self.service, 10 * (rank + 1), host.name, port: host.peer.port)
                zone.host(host.name, host.peer.address)
            }
            return zone
        }

        private func configuration(_ server: NameServer, _ way: String) -> AgentConfiguration {
            var configuration = AgentConfiguration(
                listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                trunks: [
                    AgentConfiguration.Trunk(
                        name: "alpha-1", way: way, channels: 10, extra: ["qualify: off"])
                ])
            configuration.extra = server.configurationLines
            return configuration
        }

        private func place(
            _ scope: ProcessScope, _ agent: Agent, _ calls: [PlannedCall]
        ) async throws -> Sipp {
            let caller = try scope.startCaller(
                Peer("127.0.0.2"), to: agent.listen, calls, rate: 5, holdMilliseconds: 100)
            #expect(
                try await caller.finish(within: .seconds(20)) == .exited(0),
                "\(caller.complaints)")
            return caller
        }

        private func waitUntilLocated(_ agent: Agent) async throws {
            try await eventually("the trunk is located") {
                try await !agent.events("trunkLocated").isEmpty
            }
        }

        /// Nobody is at the first host; then DNS moves the carrier; then DNS dies. Calls go on.
        @Test(.timeLimit(.minutes(2)))
        func callsFollowDNSAndOutliveIt() async throws {
            guard Places.program("dnsmasq") != nil else { return }
            try await withProcesses { scope in
                let (dead, moved) = (Peer("127.0.0.5"), Peer("127.0.0.6"))
                let alive = try await scope.startCallee(Peer("127.0.0.3"))
                let server = try await scope.startNameServer(
                    zone([("gw1.example", dead), ("gw2.example", alive.peer)]))
                let agent = try await scope.startAgent(
                    configuration(server, "address: sip:carrier.example"))
                try await placeWhenLocated(scope, agent)
                let hops = try await agent.events("attemptSent").compactMap {
                    $0["remote"]?.string
                }
                #expect(hops == ["udp:\(dead)", "udp:\(alive.peer)"])
                #expect(alive.count(.answered) == 1)

                await server.child.stop()
                let next = try await scope.startCallee(moved)
                let again = try await scope.startNameServer(
                    zone([("gw3.example", next.peer)]), at: server.peer)
                try await eventually("calls follow", within: .seconds(15)) {
                    _ = try await place(scope, agent, NumberPlan.answeredAtOnce.calls(1))
                    return next.count(.answered) > 0
                }
                await again.child.stop()
                let before = next.count(.answered)
                // Longer than the answers live.
                for batch in 0..<4 {
                    _ = try await place(
                        scope, agent, NumberPlan.answered.calls(3, from: 10 * batch))
                }
                #expect(next.count(.answered) == before + 12)
                // A call that met the dead host alone, while DNS moved the carrier, keeps its
                // channel until Timer B (RFC 3261 section 17.1.1.2): the host may have heard it.
                try await agent.waitUntilAllIsReleased(within: .seconds(40))
                #expect(try await agent.stop() == .exited(0))
            }
        }

        private func placeWhenLocated(_ scope: ProcessScope, _ agent: Agent) async throws {
            try await waitUntilLocated(agent)
            _ = try await place(scope, agent, NumberPlan.answeredAtOnce.calls(1))
        }

        /// A registrar by name, over TCP as its NAPTR asks; its first host refuses connections.
        @Test(.timeLimit(.minutes(1)))
        func aRegistrarIsFoundByItsName() async throws {
            guard Places.program("dnsmasq") != nil else { return }
            try await withProcesses { scope in
                var plan = CalleePlan()
                plan.transport = .tcp
                let registrar = try await scope.startCallee(Peer("127.0.0.3"), plan)
                var zone = ZoneRecords()
                zone.naptr("carrier.example", 10, "SIP+D2T", to: "_sip._tcp.carrier.example")
                zone.srv(
                    "_sip._tcp.carrier.example", 10, "gw1.example",
                    port: Peer("127.0.0.5").port)
                zone.srv(
                    "_sip._tcp.carrier.example", 20, "gw2.example", port: registrar.peer.port)
                zone.host("gw1.example", "127.0.0.5")
                zone.host("gw2.example", "127.0.0.3")
                let server = try await scope.startNameServer(zone)
                var configuration = configuration(
                    server, "register: 2125550100:secret@carrier.example")
                configuration.moreListeners = ["tcp://\(Peer("127.0.0.1"))"]
                let agent = try await scope.startAgent(configuration)
                try await eventually("the registration is in the log") {
                    try await !agent.events("registrationSucceeded").isEmpty
                }
                let registered = try await agent.events("registrationSucceeded").first
                #expect(registered?["registrar"]?.string == "tcp:\(registrar.peer)")
                let failed = try await agent.events("registrationFailed").first
                #expect(failed?["cause"]?.string == "transport")
                _ = try await place(scope, agent, NumberPlan.answeredAtOnce.calls(2))
                #expect(registrar.count(.answered) == 2)
                #expect(try await agent.stop() == .exited(0))
            }
        }

        /// DNS knows no such carrier: its trunk is skipped, and the log says why.
        @Test(.timeLimit(.minutes(1)))
        func anUnknownCarrierIsSkippedWithAReason() async throws {
            guard Places.program("dnsmasq") != nil else { return }
            try await withProcesses { scope in
                let server = try await scope.startNameServer(ZoneRecords())
                let agent = try await scope.startAgent(
                    configuration(server, "address: sip:nowhere.example"))
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, NumberPlan.busy.calls(1), rate: 1,
                    holdMilliseconds: 100)
                _ = try await caller.finish(within: .seconds(20))
                #expect(caller.facts.filter { $0.kind == .refused }.map(\.code) == [503])
                let reasons = try await agent.events("channelRefused").map {
                    $0["reason"]?.string
                }
                #expect(reasons == ["not_located"])
                let causes = try await agent.events("trunkUnreachable").map {
                    $0["cause"]?.string
                }
                #expect(causes == ["not_located"])
            }
        }
    }
}
