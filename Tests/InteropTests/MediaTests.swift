import TestSupport
import Testing

extension InteropTests {
    /// Telephones with sound: baresip dials, baresip answers, and each hears the other's tone,
    /// which flows directly between them.
    @Suite struct MediaTests {
        @Test(.timeLimit(.minutes(1)), arguments: [SIPTransport.udp, .tls])
        func eachHearsTheOther(transport: SIPTransport) async throws {
            guard let program = Places.program("baresip") else {
                Issue.record("baresip is not installed; run tools/setup --with-tests")
                return
            }
            try await withProcesses { scope in
                let number = "+12125550177"
                let callee = Peer("127.0.0.3")
                let certificates =
                    transport == .tls ? try await CarrierCertificates(scope, callee) : nil
                var plan = BaresipPlan(user: number, hertz: 700)
                plan.certificates = certificates?.carrierFiles
                let answering = try await scope.startBaresip(program, at: callee, plan)
                let agent = try await scope.startAgent(configuration(callee, certificates))
                let dialing = try await scope.startBaresip(
                    program, at: Peer("127.0.0.2"), BaresipPlan(user: "6001", hertz: 400),
                    calling: ("sip:\(number)@\(agent.listen)", 4))
                try await dialing.child.wait(within: .seconds(15))
                try await agent.waitUntilAllIsReleased()
                #expect((695...705).contains(dialing.heard ?? 0))
                #expect((395...405).contains(answering.heard ?? 0))
                let record = try #require(try await agent.callRecords().first)
                #expect(record.disposition == "ANSWERED" && record.endedBy == "local")
                #expect((2_000...6_000).contains(record.talkMilliseconds))
                let sent = try await agent.events("attemptSent").first?["remote"]?.string
                #expect(sent == "\(transport):\(callee)")
                #expect(try await agent.stop() == .exited(0))
            }
        }

        private func configuration(
            _ callee: Peer, _ certificates: CarrierCertificates?
        ) -> AgentConfiguration {
            var trunk = AgentConfiguration.Trunk.byAddress(
                "alpha-1", at: callee, channels: 5, extra: ["qualify: off"])
            if certificates != nil { trunk.way += ";transport=tls" }
            var configuration = AgentConfiguration(
                listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"), trunks: [trunk])
            if let certificates {
                configuration.moreListeners = ["tls://\(Peer("127.0.0.1"))"]
                configuration.extra = certificates.agentLines
            }
            return configuration
        }
    }
}
