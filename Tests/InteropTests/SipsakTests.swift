import TestSupport
import Testing

extension InteropTests {
    /// sipsak asks by OPTIONS, as a load balancer before an agent would: 200 while a trunk can take
    /// a call.
    @Suite struct SipsakTests {
        @Test(.timeLimit(.minutes(1)))
        func optionsTellWhetherACallCanBeTaken() async throws {
            guard let program = Places.program("sipsak") else {
                Issue.record("sipsak is not installed; run tools/setup --with-tests")
                return
            }
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let open = try await scope.startAgent(
                    configuration(
                        .byAddress(
                            "alpha-1", at: carrier.peer, channels: 1, extra: ["qualify: off"])))
                #expect(try await ask(scope, program, open).status == .exited(0))
                #expect(try await open.stop() == .exited(0))
            }
            try await withProcesses { scope in
                // Nobody lets it register.
                let shut = try await scope.startAgent(
                    configuration(
                        .registered(
                            "alpha-1", at: Peer("127.0.0.3"), channels: 1,
                            extra: ["qualify: off"])))
                let outcome = try await ask(scope, program, shut)
                #expect(outcome.status == .exited(1))
                #expect(outcome.output.contains("SIP/2.0 503"))
                #expect(try await shut.stop() == .exited(0))
            }
        }

        private func ask(
            _ scope: ProcessScope, _ program: String, _ agent: Agent
        ) async throws -> Outcome {
            try await scope.run(program, ["-vv", "-s", "sip:ping@\(agent.listen)"])
        }

        /// sipsak asks from the address that it asks.
        private func configuration(_ trunk: AgentConfiguration.Trunk) -> AgentConfiguration {
            AgentConfiguration(
                listen: Peer("127.0.0.1"), dialerMatch: ["127.0.0.1"],
                dialerContact: Peer("127.0.0.2"), trunks: [trunk])
        }
    }
}
