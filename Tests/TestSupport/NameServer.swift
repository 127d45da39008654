/// dnsmasq on loopback, which answers for a zone of the test's own and knows nothing else.
public struct NameServer: Sendable {
    public let peer: Peer
    public let child: ChildProcess

    /// As the agent's configuration names it.
    public var configurationLines: [String] {
        ["dns:", "  servers: [\"\(peer)\"]", "  timeout: 200ms"]
    }
}

/// What a name server knows; every record may be kept for a second.
public struct ZoneRecords: Sendable {
    var options: [String] = []

    public init() {}

    /// `service`, e.g. `_sip._udp.carrier.example`.
    public mutating func srv(_ service: String, _ priority: Int, _ host: String, port: Int) {
        options.append("--srv-host=\(service),\(host),\(port),\(priority),10")
    }

    public mutating func naptr(_ name: String, _ order: Int, _ service: String, to next: String) {
        options.append("--naptr-record=\(name),\(order),10,s,\(service),,\(next)")
    }

    public mutating func host(_ name: String, _ address: String) {
        options.append("--host-record=\(name),\(address),1")
    }
}

extension ProcessScope {
    /// - Parameter peer: where another one was, which has ended; else a free port.
    public func startNameServer(
        _ records: ZoneRecords, at peer: Peer = Peer("127.0.0.1")
    ) async throws -> NameServer {
        guard let program = Places.program("dnsmasq") else {
            throw CannotStart(
                program: "dnsmasq", reason: "not installed; run tools/setup --with-tests")
        }
        let child = try start(
            program,
            [
                "--conf-file=/dev/null", "--no-daemon", "--no-hosts", "--no-resolv", "--pid-file",
                "--bind-interfaces", "--listen-address=\(peer.address)", "--port=\(peer.port)",
                "--local-ttl=1", "--local=/example/",
            ] + records.options, name: "dnsmasq-\(peer.port)")
        try await eventually("dnsmasq listens") { peer.isBound || !child.isRunning }
        return NameServer(peer: peer, child: child)
    }
}
