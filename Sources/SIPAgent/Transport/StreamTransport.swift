import Glibc
public import NIOCore
import NIOPosix
import NIOSSL
public import TrunkEvents

/// What a listener for streams tells its owner.
public enum StreamEvent: Sendable {
    /// What one wake-up found on one connection.
    case received([ReceivedMessage])
    /// No connection took them. A request among them has failed (RFC 3261 section 18.4).
    case undelivered([OutgoingMessage])
    case connected(Endpoint)
    case cannotConnect(Endpoint, reason: String)
}

/// A TCP or TLS listener on an event loop, with the connections that peers open to it and those
/// that it opens to peers (RFC 3261 section 18). All of it is used on that loop only.
///
/// A connection is known by its far end. It serves both directions: answers leave on the
/// connection of their request, and requests on one that is open to their destination. One that
/// is not there is opened, from the listener's own address.
// @unchecked: everything mutable is behind `preconditionInEventLoop`.
public final class StreamTransport: @unchecked Sendable {
    /// As bound: with the port the system chose when 0 was asked for.
    public private(set) var localEndpoint: Endpoint
    private let loop: any EventLoop
    private let report: @Sendable (StreamEvent) -> Void
    /// `nil` without TLS.
    private var contexts: TLSContexts?
    /// Of peers that DNS located.
    private var locatedNames: [Endpoint: Octets] = [:]
    private var listener: (any Channel)?
    private var look: RepeatedTask?
    private var connections: [Endpoint: StreamConnection] = [:]
    private var acceptedCounts: [IPAddress: Int] = [:]
    private var departed = DepartedPeers()
    private var unflushed: [StreamConnection] = []
    private var undelivered: [OutgoingMessage] = []

    private init(
        _ local: Endpoint, _ contexts: TLSContexts?, loop: any EventLoop,
        report: @escaping @Sendable (StreamEvent) -> Void
    ) {
        localEndpoint = local
        self.contexts = contexts
        self.loop = loop
        self.report = report
    }

    /// Opens a listener. `report` runs on the loop and must not block.
    ///
    /// The future fails with `TransportError`.
    ///
    /// - Parameter contexts: of a TLS listener; `nil` for TCP.
    public static func bind(
        _ local: Endpoint, securedBy contexts: TLSContexts? = nil, on loop: any EventLoop,
        report: @escaping @Sendable (StreamEvent) -> Void
    ) -> EventLoopFuture<StreamTransport> {
        precondition(local.transport != .udp, "this transport speaks TCP and TLS")
        precondition((local.transport == .tls) == (contexts != nil), "TLS needs a certificate")
        let transport = StreamTransport(local, contexts, loop: loop, report: report)
        var bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try transport.accept(channel) }
            }
        if !local.address.isV4 {
            // IPv4 has listeners of its own.
            let option = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            bootstrap = bootstrap.serverChannelOption(option, value: 1)
        }
        return bootstrap.bind(to: SocketAddress(local)).map { channel in
            transport.opened(channel)
            return transport
        }.flatMapErrorThrowing { error in
            throw TransportError(errno: (error as? IOError)?.errnoCode ?? EIO, endpoint: local)
        }
    }

    private func opened(_ channel: any Channel) {
        listener = channel
        localEndpoint.port = channel.localAddress?.port.map { UInt16($0) } ?? localEndpoint.port
        look = loop.scheduleRepeatedTask(
            initialDelay: StreamLimits.lookInterval, delay: StreamLimits.lookInterval
        ) { _ in self.lookAfterConnections(at: .now()) }
    }

    /// Connections from here on show this certificate; those that are open stay as they are.
    public func secure(with contexts: TLSContexts) {
        loop.preconditionInEventLoop()
        if self.contexts != nil { self.contexts = contexts }
    }

    /// Connections to these peers from here on must show a certificate of that name.
    public func expect(_ names: [Endpoint: Octets]) {
        loop.preconditionInEventLoop()
        locatedNames = names
    }

    /// Gives the port back and closes every connection.
    public func close() {
        loop.preconditionInEventLoop()
        look?.cancel()
        listener?.close(promise: nil)
        listener = nil
        for connection in Array(connections.values) { connection.close() }
    }

    /// Connections that are open or being opened.
    public var connectionCount: Int { connections.count }

    func lookAfterConnections(at now: NIODeadline) {
        for connection in Array(connections.values) { connection.look(at: now) }
    }
}

// Messages out.
extension StreamTransport {
    /// Queues a message for the next `flush`. One that does not get away comes back as
    /// `undelivered`.
    public func write(_ message: OutgoingMessage) {
        loop.preconditionInEventLoop()
        if connections[message.remote] == nil, departed.contains(message.remote),
            let other = Self.reopening(message)
        {
            send(message, to: other)
        } else {
            send(message, to: message.remote)
        }
    }

    /// Sends what `write` has queued.
    public func flush() {
        loop.preconditionInEventLoop()
        for connection in unflushed { connection.flush() }
        unflushed.removeAll(keepingCapacity: true)
    }

    private func send(_ message: OutgoingMessage, to remote: Endpoint) {
        guard let connection = connections[remote] ?? open(to: remote) else {
            fail(message)
            return
        }
        if connection.send(message) { unflushed.append(connection) }
    }

    /// Where the connection was to may be only half the story: its peer listens elsewhere.
    private static func reopening(_ message: OutgoingMessage) -> Endpoint? {
        guard let port = SIPMessage(own: message.bytes)?.reopeningPort else { return nil }
        var remote = message.remote
        remote.port = port
        return remote
    }

    /// A connection did not take a message.
    func lost(_ message: OutgoingMessage, by connection: StreamConnection) {
        if connection.remote == message.remote, let other = Self.reopening(message),
            other != message.remote
        {
            send(message, to: other)
            connections[other]?.flush()
        } else {
            fail(message)
        }
    }

    /// Told at the end of the present turn: whoever wrote it is still at work.
    private func fail(_ message: OutgoingMessage) {
        if undelivered.isEmpty {
            loop.execute {
                let messages = self.undelivered
                self.undelivered = []
                self.report(.undelivered(messages))
            }
        }
        undelivered.append(message)
    }
}

// Connections.
extension StreamTransport {
    private func accept(_ channel: any Channel) throws {
        guard let remote = channel.remoteAddress.flatMap({ endpoint($0) }),
            connections.count < StreamLimits.connectionsMax,
            acceptedCounts[remote.address, default: 0] < StreamLimits.connectionsOfAddressMax
        else { throw ChannelError.operationUnsupported }
        let connection = StreamConnection(to: remote, isAccepted: true, of: self, loop: loop)
        if let contexts {
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLServerHandler(context: contexts.server))
        }
        try channel.pipeline.syncOperations.addHandler(connection)
        // A peer may connect from the port that it listens on, where we had connected to it.
        let displaced = connections.updateValue(connection, forKey: remote)
        acceptedCounts[remote.address, default: 0] += 1
        for message in displaced?.giveWay() ?? [] { _ = connection.send(message) }
    }

    private func endpoint(_ address: SocketAddress) -> Endpoint? {
        guard var endpoint = Endpoint(address) else { return nil }
        endpoint.transport = localEndpoint.transport
        return endpoint
    }

    /// `nil`: there are too many.
    private func open(to remote: Endpoint) -> StreamConnection? {
        guard listener != nil, connections.count < StreamLimits.connectionsMax else { return nil }
        let contexts = contexts
        let name = contexts.map { locatedNames[remote] ?? $0.name(of: remote) }
        let connection = StreamConnection(
            to: remote, isAccepted: false, expecting: name, of: self, loop: loop)
        connections[remote] = connection
        let bound = NIOLoopBound(connection, eventLoop: loop)
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(StreamLimits.connectWait)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let contexts { try pipeline.addHandler(contexts.handler(towards: name)) }
                    try pipeline.addHandler(bound.value)
                }
            }
        if !localEndpoint.address.isUnspecified {
            // Peers know us by this address.
            bootstrap = bootstrap.bind(
                to: SocketAddress(Endpoint(address: localEndpoint.address, port: 0)))
        }
        bootstrap.connect(to: SocketAddress(remote)).whenFailure { error in
            bound.value.failed(error)
        }
        return connection
    }

    func connected(_ connection: StreamConnection) {
        if !connection.isAccepted { report(.connected(connection.remote)) }
    }

    func received(_ messages: [ReceivedMessage]) { report(.received(messages)) }

    /// - Parameter error: `nil` when it had been open.
    func closed(_ connection: StreamConnection, because error: (any Error)?) {
        if connection.isAccepted {
            let count = acceptedCounts[connection.remote.address, default: 1] - 1
            acceptedCounts[connection.remote.address] = count > 0 ? count : nil
        }
        guard connections[connection.remote] === connection else { return }
        connections[connection.remote] = nil
        if connection.isAccepted { departed.insert(connection.remote) }
        if let error, !connection.isAccepted {
            report(.cannotConnect(connection.remote, reason: Self.reason(error)))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError:
            // The C library's text for an error number is a constant string.
            unsafe String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout:
            "no answer within \(StreamLimits.connectWait.nanoseconds / 1_000_000_000) s"
        case let error as NIOSSLError:
            error.meaning ?? "\(error)"
        default:
            "\(error)"
        }
    }
}

extension SocketAddress {
    init(_ endpoint: Endpoint) {
        do {
            self = try SocketAddress(
                ipAddress: endpoint.address.description, port: Int(endpoint.port))
        } catch {
            preconditionFailure("an address that we wrote can be read: \(error)")
        }
    }
}

/// Far ends of connections that peers had opened: nobody listens there, so that it would be in vain
/// to open one to them.
struct DepartedPeers {
    private var peers: Set<Endpoint> = []
    private var order: [Endpoint] = []
    private var oldest = 0

    func contains(_ peer: Endpoint) -> Bool { peers.contains(peer) }

    mutating func insert(_ peer: Endpoint) {
        guard peers.insert(peer).inserted else { return }
        guard order.count == StreamLimits.departedMax else { return order.append(peer) }
        peers.remove(order[oldest])
        order[oldest] = peer
        oldest = (oldest + 1) % order.count
    }
}
