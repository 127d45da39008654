import TestSupport
import Testing

/// What a running Kamailio logs.
struct Kamailio {
    let child: ChildProcess

    var text: String { child.output + child.errorOutput }

    /// How often it let `user` in with a lifetime above 0.
    func registrations(of user: String) -> Int {
        text.split(separator: "\n").count { line in
            line.contains("registered \(user) expires") && !line.hasSuffix("expires 0")
        }
    }
}

/// Where a Kamailio sends what it takes, and what it asks for.
struct KamailioPlan {
    var user: String
    var secret: String
    var callee: Peer
    var inboundFrom: Peer
    /// As a proxy it wants a password with calls of the registered side.
    var asksCallers = false
    /// The last digit of an inbound call's number says which contact of the registration it is for,
    /// and that contact is what is called.
    var callsContacts = false

    fileprivate var lookup: String {
        guard callsContacts else {
            return """
                if (!lookup("location")) {
                    sl_send_reply("480", "Temporarily Unavailable");
                    exit;
                }
                $rU = $var(did);
                """
        }
        return """
            reg_fetch_contacts("location", "$ru", "callee");
            xlog("L_ERR", "contacts $(ulc(callee=>count))\\n");
            $var(place) = $(var(did){s.substr,-1,1}{s.int});
            $ru = $(ulc(callee=>addr)[$var(place)]);
            """
    }
}

/// What a proxy asks before it goes on.
private enum ProxyDigest {
    static let modules = """
        loadmodule "auth.so"
        modparam("auth", "qop", "auth")
        """

    /// - Parameter condition: of those that are asked.
    static func question(_ realm: String, _ secret: String, if condition: String) -> String {
        """
        if (\(condition)) {
            if (!pv_proxy_authenticate("\(realm)", "\(secret)", "0")) {
                proxy_challenge("\(realm)", "1");
                exit;
            }
        }
        """
    }
}

extension ProcessScope {
    /// The registrar and proxy of `kamailio.cfg`.
    func startKamailio(
        _ program: String, at proxy: Peer, _ plan: KamailioPlan,
        _ certificates: CarrierCertificates? = nil
    ) async throws -> Kamailio {
        let scenario = Scenario(
            "kamailio.cfg",
            [
                "ADDRESS": proxy.address, "PORT": "\(proxy.port)", "USER": plan.user,
                "SECRET": plan.secret, "CALLEE": "\(plan.callee)",
                "INBOUND_FROM": plan.inboundFrom.address,
                "INBOUND_PORT": "\(plan.inboundFrom.port)", "NONCE_EXPIRE": "3",
                "MAX_EXPIRES": "8",
                "TRANSPORTS": certificates == nil
                    ? "disable_tcp=yes" : "enable_tls=yes\nlisten=tls:\(proxy)",
                "MODULES": certificates?.kamailioLines ?? "",
                "LOOKUP": plan.lookup,
                "ASK": plan.asksCallers
                    ? ProxyDigest.question(
                        "home.example", plan.secret,
                        if: "src_ip != \(plan.inboundFrom.address)") : "",
            ])
        return try await startKamailio(program, at: proxy, scenario)
    }

    /// The edge proxy of `kamailio-edge.cfg`.
    ///
    /// - Parameter secret: what it asks the agent for; `nil` where it asks for nothing.
    func startKamailioEdge(
        _ program: String, at edge: Peer, asking secret: String? = nil
    ) async throws -> Kamailio {
        let condition = "src_ip == 127.0.0.1 && is_method(\"REGISTER|INVITE\") && !has_totag()"
        let scenario = Scenario(
            "kamailio-edge.cfg",
            [
                "ADDRESS": edge.address, "PORT": "\(edge.port)",
                "MODULES": secret == nil ? "" : ProxyDigest.modules,
                "ASK": secret.map { ProxyDigest.question("edge.example", $0, if: condition) } ?? "",
            ])
        return try await startKamailio(program, at: edge, scenario)
    }

    /// The dialers' proxy of `kamailio-dialer.cfg`.
    func startKamailio(
        _ program: String, at proxy: Peer, before dialer: Peer, agent: Peer
    ) async throws -> Kamailio {
        let scenario = Scenario(
            "kamailio-dialer.cfg",
            [
                "ADDRESS": proxy.address, "PORT": "\(proxy.port)", "AGENT": agent.address,
                "AGENT_PORT": "\(agent.port)", "DIALER": "\(dialer)",
            ])
        return try await startKamailio(program, at: proxy, scenario)
    }

    private func startKamailio(
        _ program: String, at peer: Peer, _ scenario: Scenario
    ) async throws -> Kamailio {
        let path = try write(try scenario.text(), to: "kamailio.\(peer.port).cfg")
        let child = try start(
            program,
            [
                "-f", path, "-DD", "-E", "-m", "16", "-M", "4", "-Y", directory, "-w", directory,
                "-P", "\(directory)/kamailio.\(peer.port).pid",
            ], name: "kamailio-\(peer.port)")
        try await eventually("Kamailio listens") { peer.isBound || !child.isRunning }
        return Kamailio(child: child)
    }
}

/// An authority that both sides trust. The carrier is known by its address, which its certificate
/// names; both show theirs.
struct CarrierCertificates {
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

    var carrierFiles: PeerCertificates {
        PeerCertificates(own: carrier, authority: authority.certificate)
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
