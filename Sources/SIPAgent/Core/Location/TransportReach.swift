import TrunkEvents

/// Where our listeners can send: DNS may name more than that.
struct TransportReach: Hashable, Sendable {
    private let listeners: [Endpoint]

    init(_ listeners: [Endpoint]) {
        self.listeners = listeners
    }

    func speaks(_ transport: TransportProtocol) -> Bool {
        listeners.contains { $0.transport == transport }
    }

    func reaches(_ address: IPAddress, over transport: TransportProtocol) -> Bool {
        listeners.contains {
            $0.transport == transport && $0.address.isV4 == address.isV4
        }
    }
}
