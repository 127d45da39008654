import TestSupport
import Testing

extension InteropTests {
    /// What `openssl` sees of the agent's TLS: versions, names, certificates.
    @Suite struct TLSVersionTests {
        @Test(
            .timeLimit(.minutes(1)),
            arguments: [
                ("1.3", "-tls1_3", true), ("1.3", "-tls1_2", false), ("1.2", "-tls1_2", true),
                ("1.2", "-tls1_1", false),
            ] as [(String, String, Bool)])
        func aClientNeedsTheLeastVersion(minimum: String, spoken: String, isTaken: Bool)
            async throws
        {
            try await withProcesses { scope in
                let stage = try await OpenSSLStage(scope, minimum: minimum)
                let client = try await stage.connect([spoken])
                #expect(client.succeeded == isTaken, "\(client.errorOutput)")
                #expect(client.errorOutput.contains("CONNECTION ESTABLISHED") == isTaken)
            }
        }

        /// A call to a carrier that speaks no newer version ends as one that cannot be connected,
        /// and the operator is told why.
        @Test(.timeLimit(.minutes(1)), arguments: [("-tls1_2", "1.3"), ("-tls1_1", "1.2")])
        func aServerNeedsTheLeastVersion(offered: String, minimum: String) async throws {
            try await withProcesses { scope in
                let carrier = Peer("127.0.0.3")
                let stage = try await OpenSSLStage(scope, minimum: minimum, carrier: carrier)
                _ = try await stage.serve(at: carrier, [offered])
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: stage.plain, NumberPlan.answered.calls(1), rate: 1,
                    holdMilliseconds: 100)
                try await caller.finish(within: .seconds(20))
                #expect(caller.facts.first { $0.kind == .refused }?.code == 503)
                let causes = try await stage.agent.events("attemptFailed").map {
                    $0["cause"]?.string
                }
                #expect(causes == ["transport"])
                let told = stage.agent.child.errorOutput
                #expect(told.contains("no connection to tls:\(carrier): it speaks no version"))
            }
        }

        /// RFC 6066: the name is said, and a server that has several certificates shows the right
        /// one.
        @Test(.timeLimit(.minutes(1)))
        func theCarriersNameIsSaid() async throws {
            guard Places.program("dnsmasq") != nil else { return }
            try await withProcesses { scope in
                let gate = Peer("127.0.0.3")
                var plan = CalleePlan()
                plan.transport = .tcp
                plan.contact = gate
                let carrier = try await scope.startCallee(Peer("127.0.0.3"), plan)
                var zone = ZoneRecords()
                zone.srv("_sips._tcp.carrier.example", 10, "gw.example", port: gate.port)
                zone.host("gw.example", gate.address)
                let server = try await scope.startNameServer(zone)
                let stage = try await OpenSSLStage(scope, minimum: "1.2", dns: server)
                let tunnel = try await scope.startTunnel(
                    TunnelPlan(
                        accept: gate, connect: carrier.peer, isClient: false,
                        own: try await stage.certificates.issue("other", for: ["DNS:other.test"]),
                        authority: stage.certificates.authority.certificate,
                        named: (
                            "carrier.example",
                            try await stage.certificates.issue(
                                "right", for: ["DNS:carrier.example"])
                        )))
                try await eventually("the trunk is located") {
                    try await !stage.agent.events("trunkLocated").isEmpty
                }
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: stage.plain, NumberPlan.answered.calls(1), rate: 1,
                    holdMilliseconds: 100)
                #expect(
                    try await caller.finish(within: .seconds(20)) == .exited(0),
                    "\(stage.agent.child.errorOutput) \(tunnel.errorOutput)")
                #expect(carrier.count(.answered) == 1)
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func aHangupSignalReadsTheCertificatesAgain() async throws {
            try await withProcesses { scope in
                let stage = try await OpenSSLStage(scope, minimum: "1.2")
                #expect(try await stage.connect([]).errorOutput.contains("CN = agent\n"))
                // Another certificate and key in the same files.
                _ = try await stage.certificates.issue(
                    "agent", for: ["IP:127.0.0.1"], subject: "renewed")
                #expect(try await stage.connect([]).errorOutput.contains("CN = agent\n"))
                stage.agent.child.signal(1)
                try await eventually("the agent has read its configuration again") {
                    stage.agent.child.errorOutput.contains("reloaded")
                }
                #expect(try await stage.connect([]).errorOutput.contains("CN = renewed\n"))
            }
        }
    }
}

/// An agent with a TLS listener and a UDP one, and `openssl` as the other side.
private struct OpenSSLStage {
    let scope: ProcessScope
    let certificates: Certificates
    let agent: Agent
    /// Of the dialer.
    let plain: Peer
    private let secured: Peer
    private let openssl: String

    init(
        _ scope: ProcessScope, minimum: String, carrier: Peer? = nil, dns: NameServer? = nil
    ) async throws {
        self.scope = scope
        openssl = Places.program("openssl") ?? "openssl"
        certificates = try await Certificates(scope)
        let pair = try await certificates.issue("agent", for: ["IP:127.0.0.1"])
        let way =
            carrier.map { "address: sip:\($0);transport=tls" }
            ?? (dns == nil ? "address: sip:127.0.0.3" : "address: sips:carrier.example")
        plain = Peer("127.0.0.1")
        secured = Peer("127.0.0.1")
        var configuration = AgentConfiguration(
            listen: plain, dialerContact: Peer("127.0.0.2"),
            trunks: [.init(name: "alpha-1", way: way, channels: 5, extra: ["qualify: off"])])
        configuration.moreListeners = ["tls://\(secured)"]
        configuration.extra =
            [
                "tls:", "  certificate: \(pair.certificate)", "  key: \(pair.key)",
                "  ca: \(certificates.authority.certificate)", "  minimum: \"\(minimum)\"",
            ] + (dns?.configurationLines ?? [])
        agent = try await scope.startAgent(configuration)
    }

    /// `openssl s_client`, which shakes hands with the agent and goes. Versions before 1.2 are
    /// below its own level of security.
    func connect(_ arguments: [String]) async throws -> Outcome {
        try await scope.run(
            openssl,
            [
                "s_client", "-brief", "-connect", "\(secured)", "-CAfile",
                certificates.authority.certificate, "-cipher", "ALL:@SECLEVEL=0",
            ] + arguments)
    }

    /// `openssl s_server` as the carrier.
    func serve(at peer: Peer, _ arguments: [String]) async throws -> ChildProcess {
        let pair = try await certificates.issue("carrier", for: ["IP:\(peer.address)"])
        let child = try scope.start(
            openssl,
            [
                "s_server", "-accept", "\(peer)", "-cert", pair.certificate, "-key", pair.key,
                "-quiet", "-cipher", "ALL:@SECLEVEL=0",
            ] + arguments)
        try await eventually("openssl listens") { peer.isBound || !child.isRunning }
        return child
    }
}
