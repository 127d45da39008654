import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A web server that takes batches, and what can go wrong with one.
final class BatchServer: Sendable {
    /// What becomes of one request.
    enum Fate: CaseIterable, Sendable {
        case taken
        /// 500, and nothing is kept.
        case failed
        /// 503 with `Retry-After: 0`.
        case busy
        /// Kept, and the connection closed without an answer.
        case takenInSilence
        /// Kept, answered, and answered again.
        case takenTwiceAnswered
        /// Kept and answered; the next request on the connection is answered before it is read.
        case takenAnsweringAhead
        /// The connection is closed in the middle of the request.
        case dropped
        /// No answer ever comes.
        case stuck
    }

    /// A request as it came.
    struct Request: Sendable {
        var key: String
        var sequence: Int
        var headers: [String: String]
        var body: [UInt8]
    }

    private struct State {
        var fates: [Fate]
        /// By idempotency key, in the order in which they came first.
        var kept: [Request] = []
        var requests = 0
        var contradictions: [String] = []
    }

    private let state: Mutex<State>
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: Mutex<(any Channel)?> = Mutex(nil)
    let port: Int

    /// - Parameter fates: of the requests in their order; all later ones are taken.
    init(port: Int, fates: [Fate]) {
        self.port = port
        state = Mutex(State(fates: fates))
    }

    func start() async throws {
        let bound = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(BatchHandler(server: self))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        channel.withLock { $0 = bound }
    }

    func stop() async throws {
        try await channel.withLock { $0 }?.close()
        try await group.shutdownGracefully()
    }

    /// The batches that were kept, by number.
    var kept: [Request] { state.withLock { $0.kept.sorted { $0.sequence < $1.sequence } } }
    var requestCount: Int { state.withLock { $0.requests } }
    /// Keys that came with two bodies.
    var contradictions: [String] { state.withLock { $0.contradictions } }

    fileprivate func nextFate() -> Fate {
        state.withLock { state in
            state.requests += 1
            return state.fates.isEmpty ? .taken : state.fates.removeFirst()
        }
    }

    fileprivate func keep(_ request: Request) {
        state.withLock { state in
            if let known = state.kept.first(where: { $0.key == request.key }) {
                if known.body != request.body { state.contradictions.append(request.key) }
            } else {
                state.kept.append(request)
            }
        }
    }
}

extension Channel {
    /// Writes past every handler of the pipeline.
    fileprivate func writeRaw(_ text: String) {
        let buffer = allocator.buffer(string: text)
        let encoder = try? pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
        encoder?.writeAndFlush(NIOAny(buffer), promise: nil)
    }
}

/// One connection; it lives on its event loop.
private final class BatchHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: BatchServer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var fate = BatchServer.Fate.taken

    init(server: BatchServer) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            if fate == .takenAnsweringAhead {
                context.channel.writeRaw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
            fate = server.nextFate()
            if fate == .dropped { context.close(promise: nil) }
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end: finish(context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        switch fate {
        case .taken where head?.uri == "/moved":
            answer(.movedPermanently, context, ["Location": "/cdr"])
        case .taken, .takenAnsweringAhead:
            keep()
            answer(.ok, context)
        case .failed: answer(.internalServerError, context)
        case .busy: answer(.serviceUnavailable, context, ["Retry-After": "0"])
        case .takenInSilence:
            keep()
            context.close(promise: nil)
        case .takenTwiceAnswered:
            keep()
            answer(.created, context)
            // Beside the encoder, which would refuse an answer that nobody asked for.
            let again = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
            context.channel.writeRaw(again)
        case .dropped, .stuck: break
        }
    }

    private func keep() {
        guard let head else { return }
        let headers = Dictionary(
            head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
        server.keep(
            BatchServer.Request(
                key: headers["idempotency-key"] ?? "",
                sequence: headers["trunkledger-sequence"].flatMap(Int.init) ?? 0,
                headers: headers, body: body))
    }

    private func answer(
        _ status: HTTPResponseStatus, _ context: ChannelHandlerContext,
        _ more: [String: String] = [:]
    ) {
        var headers = HTTPHeaders(more.map { ($0.key, $0.value) })
        headers.add(name: "Content-Length", value: "0")
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
