public import TrunkEvents

/// A listener of either kind, as those who send through it see it.
public enum ListenerTransport: Sendable {
    case datagrams(UDPTransport)
    case streams(StreamTransport)

    /// As bound.
    public var localEndpoint: Endpoint {
        switch self {
        case .datagrams(let transport): transport.localEndpoint
        case .streams(let transport): transport.localEndpoint
        }
    }

    /// TLS shows another certificate from here on. On the transport's loop.
    public func secure(with contexts: TLSContexts) {
        switch self {
        case .datagrams: break
        case .streams(let transport): transport.secure(with: contexts)
        }
    }

    /// The names that the certificates of peers must bear which DNS located. On the transport's
    /// loop.
    public func expect(_ names: [Endpoint: Octets]) {
        switch self {
        case .datagrams: break
        case .streams(let transport): transport.expect(names)
        }
    }

    /// Queues a message for the next `flush`. On the transport's loop.
    public func write(_ message: OutgoingMessage) {
        switch self {
        case .datagrams(let transport): transport.write(message.bytes, to: message.remote)
        case .streams(let transport): transport.write(message)
        }
    }

    /// Sends what `write` has queued. On the transport's loop.
    public func flush() {
        switch self {
        case .datagrams(let transport): transport.flush()
        case .streams(let transport): transport.flush()
        }
    }
}
