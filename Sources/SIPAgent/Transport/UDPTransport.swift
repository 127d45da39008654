public import NIOCore
import NIOPosix
public import TrunkEvents

/// A UDP listener on an event loop. All of it is used on that loop only.
///
/// The loop reads the first datagram, and with it learns that more may wait. Those are taken
/// through a second descriptor of the same socket, up to 64 a system call, without the envelope,
/// the buffer and the textual address that the loop makes for each. On a busy line the next look
/// waits a moment, because to wake up costs more processor time than most messages do. What is sent
/// leaves through the second descriptor too: the loop's own writes would close the listener when
/// the kernel refuses a destination (no route, a firewall rule), and one unreachable peer must not
/// take the line down.
// @unchecked: everything mutable is behind `preconditionInEventLoop`.
public final class UDPTransport: @unchecked Sendable {
    private static let retryDelay = TimeAmount.milliseconds(1)

    /// As bound: with the port the system chose when 0 was asked for.
    public let localEndpoint: Endpoint
    private let loop: any EventLoop
    /// Reads; `nil` until it is registered and once it is closed.
    private var channel: (any Channel)?
    /// Writes, and reads all but the first; `nil` once it is closed.
    private var socket: DatagramSocket?
    private var incoming = IncomingDatagrams()
    private var pending = OutgoingDatagrams()
    private var isRetryScheduled = false

    /// What could not be sent: refused by the kernel, or beyond what may wait.
    public private(set) var droppedCount: UInt64 = 0

    private init(socket: consuming DatagramSocket, local: Endpoint, loop: any EventLoop) {
        self.socket = consume socket
        self.loop = loop
        localEndpoint = local
    }

    /// Opens a listener. `receive` runs on the loop, once per wake-up, and must not block.
    ///
    /// The future fails with `TransportError`.
    public static func bind(
        _ local: Endpoint, on loop: any EventLoop,
        receive: @escaping @Sendable ([ReceivedMessage]) -> Void
    ) -> EventLoopFuture<UDPTransport> {
        precondition(local.transport == .udp, "this transport speaks UDP")
        return loop.flatSubmit {
            do throws(TransportError) {
                return try open(local, on: loop, receive: receive)
            } catch {
                return loop.makeFailedFuture(error)
            }
        }
    }

    private static func open(
        _ local: Endpoint, on loop: any EventLoop,
        receive: @escaping @Sendable ([ReceivedMessage]) -> Void
    ) throws(TransportError) -> EventLoopFuture<UDPTransport> {
        let reading = try DatagramSocket.bound(to: local)
        let writing = try reading.duplicate(for: local)
        let bound = writing.localEndpoint ?? local
        let transport = UDPTransport(socket: writing, local: bound, loop: loop)
        return DatagramBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(
                    capacity: MessageLimits.messageBytesMax + 1))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        DatagramReader(transport, receive: receive))
                }
            }
            .withBoundSocket(reading.release())
            .map { channel in
                transport.channel = channel
                return transport
            }
    }

    /// What waits behind the datagram that the loop has read.
    fileprivate func receiveOthers(_ body: ([UInt8], Endpoint) -> Void) {
        guard let descriptor = socket?.descriptor else { return }
        incoming.receive(on: descriptor, body)
    }

    /// Queues a datagram for the next `flush`.
    public func write(_ bytes: [UInt8], to remote: Endpoint) {
        loop.preconditionInEventLoop()
        if !pending.append(bytes, to: remote) { droppedCount += 1 }
    }

    /// Sends what `write` has queued, in order, many a system call. What the kernel has no room for
    /// goes a millisecond later.
    public func flush() {
        loop.preconditionInEventLoop()
        guard !pending.isEmpty, !isRetryScheduled, let descriptor = socket?.descriptor else {
            return
        }
        switch pending.send(on: descriptor) {
        case .finished(let refusedCount):
            droppedCount += refusedCount
        case .full(let refusedCount):
            droppedCount += refusedCount
            retry()
        }
    }

    private func retry() {
        isRetryScheduled = true
        loop.scheduleTask(in: Self.retryDelay) {
            self.isRetryScheduled = false
            self.flush()
        }
    }

    /// Gives the port back. What is queued is dropped.
    public func close() {
        loop.preconditionInEventLoop()
        pending.removeAll()
        socket = nil
        channel?.close(promise: nil)
        channel = nil
    }
}

/// Waits for the loop on a quiet line. On a busy one it looks by itself every ``gatherSpan``, which
/// spares the loop two changes of what it waits for and a wake-up a look.
///
///     waiting --(datagrams, the last ones long ago)--> waiting
///     waiting --(datagrams, right after others)------> looking --(gatherSpan)--> looking
///     looking --(nothing came)-----------------------> waiting
private final class DatagramReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    /// Far below the shortest timer of SIP (T1 is 500 ms, RFC 3261 17.1.1.1), and far longer than
    /// a wake-up costs.
    private static let gatherSpan = TimeAmount.microseconds(3_500)

    private let receive: ([ReceivedMessage]) -> Void
    private var batch: [ReceivedMessage] = []
    private var lastRead: NIODeadline?
    private let transport: UDPTransport

    init(_ transport: UDPTransport, receive: @escaping ([ReceivedMessage]) -> Void) {
        self.transport = transport
        self.receive = receive
    }

    func channelActive(context: ChannelHandlerContext) {
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let remote = Endpoint(envelope.remoteAddress) else { return }
        // The bytes are copied while the buffer lives; it is read into again.
        let bytes = unsafe envelope.data.withUnsafeReadableBytes { unsafe Array($0) }
        batch.append(ReceivedMessage(bytes: bytes, remote: remote))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let isBusy = lastRead.map { now - $0 < Self.gatherSpan * 2 } ?? false
        lastRead = now
        take(context, looksAgain: isBusy)
    }

    private func take(_ context: ChannelHandlerContext, looksAgain: Bool) {
        transport.receiveOthers { bytes, remote in
            batch.append(ReceivedMessage(bytes: bytes, remote: remote))
        }
        if looksAgain, !batch.isEmpty {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: Self.gatherSpan) {
                let (reader, context) = bound.value
                reader.look(context)
            }
        } else {
            context.read()
        }
        guard !batch.isEmpty else { return }
        receive(batch)
        batch.removeAll(keepingCapacity: true)
    }

    private func look(_ context: ChannelHandlerContext) {
        lastRead = NIODeadline.now()
        take(context, looksAgain: true)
    }

    /// An error of the socket, e.g. an ICMP message about an earlier datagram: SIP's own timers
    /// notice what did not arrive.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
