import TestSupport

/// stunnel, which gives SIPp the TLS that it lacks: before a caller, or behind the agent. Whoever
/// comes and whoever is gone to must show a certificate of the test's authority.
struct TunnelPlan {
    /// Where it listens; it connects from the same address.
    var accept: Peer
    var connect: Peer
    /// It takes TCP and connects over TLS, or the other way round.
    var isClient: Bool
    var own: Certificates.Pair
    var authority: String
    /// Of a server: whoever asks for this name (SNI) is shown this certificate instead.
    var named: (host: String, pair: Certificates.Pair)?

    fileprivate var text: String {
        var lines = [
            "foreground = yes", "pid =", "debug = notice", "[tunnel]",
            "client = \(isClient ? "yes" : "no")", "accept = \(accept)", "connect = \(connect)",
            "local = \(accept.address)",
        ]
        lines += certificateLines(own)
        if let named {
            lines += ["[named]", "sni = tunnel:\(named.host)", "connect = \(connect)"]
            lines += certificateLines(named.pair)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func certificateLines(_ pair: Certificates.Pair) -> [String] {
        [
            "cert = \(pair.certificate)", "key = \(pair.key)", "CAfile = \(authority)",
            "verifyChain = yes", "requireCert = yes",
        ]
    }
}

extension ProcessScope {
    func startTunnel(_ plan: TunnelPlan) async throws -> ChildProcess {
        guard let program = Places.program("stunnel4") else {
            throw CannotStart(
                program: "stunnel4", reason: "not installed; run tools/setup --with-tests")
        }
        let path = try write(plan.text, to: "stunnel.\(plan.accept.port).conf")
        let child = try start(program, [path], name: "stunnel-\(plan.accept.port)")
        try await eventually("stunnel listens") { plan.accept.isBound || !child.isRunning }
        return child
    }
}
