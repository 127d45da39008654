import TrunkEvents

/// Our listeners, as requests choose among them: a peer is reached from the one of its transport
/// and address family, and told to answer there.
struct OwnListeners: Hashable, Sendable {
    private let all: [Endpoint]
    private let advertisedHost: Octets?

    init(_ all: [Endpoint], advertisedHost: Octets? = nil) {
        precondition(!all.isEmpty, "a checked configuration has a listener")
        self.all = all
        self.advertisedHost = advertisedHost
    }

    /// One of the transport and the family where there is one, else of the transport.
    func listener(towards remote: Endpoint) -> Endpoint {
        let fitting = all.filter { $0.transport == remote.transport }
        return fitting.first { $0.address.isV4 == remote.address.isV4 } ?? fitting.first ?? all[0]
    }

    /// How that listener is named there.
    func address(towards remote: Endpoint) -> OwnAddress {
        OwnAddress(listener: listener(towards: remote), advertisedHost: advertisedHost)
    }

    var reach: TransportReach { TransportReach(all) }
}

extension AgentConfiguration {
    var ownListeners: OwnListeners {
        OwnListeners(listeners, advertisedHost: advertisedHost)
    }

    /// The listener through which a peer is reached.
    func listener(towards remote: Endpoint) -> Endpoint {
        ownListeners.listener(towards: remote)
    }
}
