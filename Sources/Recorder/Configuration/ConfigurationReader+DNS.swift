internal import SIPAgent
internal import TrunkEvents

/// Servers by name, and whom to ask for them.
extension ConfigurationReader {
    private static let dnsKeys = ["servers", "timeout"]

    mutating func readDNS(_ top: ConfigurationSection) -> DNSSettings {
        var settings = DNSSettings()
        guard let node = top["dns"],
            let section = findings.section(node, "'dns'", keys: Self.dnsKeys)
        else { return settings }
        settings.servers = findings.texts("servers", in: section).compactMap { node in
            findings.check("servers", node) { text throws(TextProblem) in
                let place = try HostPort(text)
                guard let address = place.literal else {
                    throw TextProblem(
                        "'\(text)' is a host name; write the IP address of a DNS server, "
                            + "with a port where it is not 53")
                }
                return Endpoint(address: address, port: place.port ?? 53)
            }
        }
        if let node = findings.text("timeout", in: section) {
            settings.timeout =
                duration(node, "timeout", atLeast: .milliseconds(100)) ?? settings.timeout
        }
        return settings
    }

    /// Where requests go: an address, or a name that DNS locates while the agent runs.
    mutating func server(
        _ place: HostPort, _ transport: ServerName.Transport, at mark: ConfigurationPlace
    ) -> SIPServer? {
        guard place.literal == nil else {
            return endpoint(place, transport.assumed, at: mark).map { .endpoint($0) }
        }
        // RFC 3263 section 4.1: a port takes the choice from DNS.
        let choices = place.port == nil ? transport.choices : [transport.assumed]
        let isSpoken = listeners.contains { choices.contains($0.transport) }
        if !isSpoken, !listeners.isEmpty {
            let needed = transport.assumed
            findings.add(
                "no listener speaks \(needed), which '\(place.host)' needs; add one to 'listen', "
                    + "e.g. \(needed)://0.0.0.0:\(needed.sipPort)", at: mark)
        }
        return .named(ServerName(host: place.host, port: place.port, transport: transport))
    }
}
