import NIOCore
import NIOSSL
import NIOTLS
import TrunkEvents

/// One connection: cuts what comes into messages, and keeps what is to leave until it is open.
///
///     opening --connected--> handshaking (TLS) --peer is who it should be--> open
///        |      +------------------ no TLS --------------------------------->  |
///        |                        |                                            |
///        |                        |       ending <------ broken stream --------+
///        v                        v          v                                 v
///     closed: refused, no answer, no trust (what waited comes back), or closed by either side
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    let remote: Endpoint
    /// The peer opened it.
    let isAccepted: Bool
    /// The name that the peer's certificate must bear; `nil` without TLS, and for who connects to
    /// us.
    private let expectedName: Octets?
    private let transport: StreamTransport
    private let loop: any EventLoop
    private var state = State.opening
    private var framer = StreamFramer()
    private var waiting: [OutgoingMessage] = []
    private var unsentBytes = 0
    private var hasBroughtMessage = false
    private let openedAt: NIODeadline
    private var lastOctets: NIODeadline
    private var lastMessage: NIODeadline
    private var lastKeepAlive: NIODeadline
    /// Since when a request of ours is out and nothing at all has come.
    private var unheardSince: NIODeadline?
    /// Why it is being closed before it was open.
    private var failure: (any Error)?

    private enum State {
        case opening
        case handshaking(any Channel)
        case open(any Channel)
        /// Our last answers are on their way; what still comes is not read.
        case ending(any Channel)
        case closed
    }

    init(
        to remote: Endpoint, isAccepted: Bool, expecting name: Octets? = nil,
        of transport: StreamTransport, loop: any EventLoop
    ) {
        self.remote = remote
        self.isAccepted = isAccepted
        expectedName = name
        self.transport = transport
        self.loop = loop
        let now = NIODeadline.now()
        (openedAt, lastOctets, lastMessage, lastKeepAlive) = (now, now, now, now)
    }

    // MARK: Out

    /// `true`: `flush` is due. A message that does not get away goes back to the transport.
    func send(_ message: OutgoingMessage) -> Bool {
        lastMessage = .now()
        switch state {
        case .opening, .handshaking:
            guard unsentBytes + message.bytes.count <= StreamLimits.unsentBytesMax else { break }
            unsentBytes += message.bytes.count
            waiting.append(message)
            return false
        case .open(let channel), .ending(let channel):
            guard unsentBytes <= StreamLimits.unsentBytesMax else {
                // The peer does not read.
                close()
                break
            }
            write(message, on: channel)
            return true
        case .closed:
            break
        }
        transport.lost(message, by: self)
        return false
    }

    private func write(_ message: OutgoingMessage, on channel: any Channel) {
        let count = message.bytes.count
        unsentBytes += count
        if unheardSince == nil, message.asksForAnswer { unheardSince = .now() }
        channel.write(channel.allocator.buffer(bytes: message.bytes)).assumeIsolated()
            .whenComplete { result in
                self.unsentBytes -= count
                if case .failure = result { self.transport.lost(message, by: self) }
            }
    }

    func flush() {
        switch state {
        case .open(let channel), .ending(let channel): channel.flush()
        case .opening, .handshaking, .closed: break
        }
    }

    func close() {
        switch state {
        case .handshaking(let channel), .open(let channel), .ending(let channel):
            channel.close(promise: nil)
        case .opening, .closed: break
        }
    }

    /// Another connection has the same far end from now on: answers what waited for this one.
    func giveWay() -> [OutgoingMessage] {
        let messages = waiting
        waiting = []
        if case .opening = state { state = .closed } else { close() }
        return messages
    }

    /// It did not come about.
    func failed(_ error: any Error) {
        guard case .opening = state else { return }
        end(because: error)
    }

    private func end(because error: (any Error)?) {
        state = .closed
        transport.closed(self, because: error)
        let messages = waiting
        waiting = []
        for message in messages { transport.lost(message, by: self) }
    }

    // MARK: In

    func channelActive(context: ChannelHandlerContext) {
        if case .closed = state { return context.close(promise: nil) }
        switch remote.transport {
        case .udp, .tcp: becomeOpen(context.channel)
        case .tls: state = .handshaking(context.channel)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted = event as? TLSUserEvent else { return }
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        if let expectedName,
            certificate.map({ PeerIdentity($0).vouches(for: expectedName) }) != true
        {
            failure = PeerIsAnother(expected: expectedName)
            context.close(promise: nil)
            return
        }
        becomeOpen(context.channel)
    }

    private func becomeOpen(_ channel: any Channel) {
        state = .open(channel)
        transport.connected(self)
        unsentBytes = 0
        for message in waiting { write(message, on: channel) }
        waiting = []
        channel.flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch state {
        case .closed: break
        case .opening, .handshaking: end(because: failure ?? ChannelError.eof)
        case .open, .ending: end(because: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open = state else { return }
        framer.append(unwrapInboundIn(data).readableBytesView)
        lastOctets = .now()
        unheardSince = nil
        var messages: [ReceivedMessage] = []
        var isBroken = false
        read: while let item = framer.next() {
            switch item {
            case .message(let bytes):
                messages.append(ReceivedMessage(bytes: bytes, remote: remote))
            case .ping:
                context.writeAndFlush(
                    NIOAny(context.channel.allocator.buffer(bytes: StreamFramer.pong)),
                    promise: nil)
            case .broken:
                isBroken = true
                break read
            }
        }
        if !messages.isEmpty {
            hasBroughtMessage = true
            lastMessage = lastOctets
            transport.received(messages)
        }
        if isBroken { sayFarewell(context.channel) }
    }

    /// Answers to what came before may still wait for the disk; and to close at once, with octets
    /// unread, would take back what has just left.
    private func sayFarewell(_ channel: any Channel) {
        state = .ending(channel)
        loop.scheduleTask(in: StreamLimits.farewellWait) { channel.close(promise: nil) }
    }

    // MARK: Time

    func look(at now: NIODeadline) {
        if case .handshaking(let channel) = state, now - openedAt > StreamLimits.handshakeWait {
            failure = ChannelError.connectTimeout(StreamLimits.handshakeWait)
            channel.close(promise: nil)
        }
        guard case .open(let channel) = state else { return }
        if isOverdue(at: now) {
            channel.close(promise: nil)
        } else if !isAccepted, now - lastSign > StreamLimits.keepAliveInterval {
            lastKeepAlive = now
            channel.writeAndFlush(
                channel.allocator.buffer(bytes: StreamFramer.ping), promise: nil)
        }
    }

    private var lastSign: NIODeadline { max(lastMessage, lastKeepAlive) }

    private func isOverdue(at now: NIODeadline) -> Bool {
        if !framer.isBetweenMessages, now - lastOctets > StreamLimits.messageWait { return true }
        // Not one request of 64*T1 was answered: the far end is gone, though TCP does not know yet.
        if let unheardSince, now - unheardSince > StreamLimits.messageWait { return true }
        guard isAccepted else { return now - lastMessage > StreamLimits.openedIdleMax }
        if !hasBroughtMessage, now - openedAt > StreamLimits.firstMessageWait { return true }
        return now - lastOctets > StreamLimits.acceptedIdleMax
    }
}

extension OutgoingMessage {
    /// An ACK is a request that nobody answers.
    fileprivate var asksForAnswer: Bool {
        !bytes.starts(with: "SIP/2.0 ".utf8) && !bytes.starts(with: "ACK ".utf8)
    }
}

/// RFC 5922 section 7.3: the connection is closed at once.
struct PeerIsAnother: Error, CustomStringConvertible {
    let expected: Octets

    var description: String { "its certificate is not for \(expected)" }
}
