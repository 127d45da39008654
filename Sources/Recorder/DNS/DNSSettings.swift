public import TrunkEvents

/// Whom the agent asks for the servers that its configuration names.
public struct DNSSettings: Hashable, Sendable {
    /// Asked in turn; empty for those of this machine (`/etc/resolv.conf`).
    public var servers: [Endpoint]
    /// How long one of them may take; a question is put twice.
    public var timeout: Nanoseconds

    public init(servers: [Endpoint] = [], timeout: Nanoseconds = .seconds(2)) {
        self.servers = servers
        self.timeout = timeout
    }
}
