import Glibc
import NIOCore
import NIOPosix
import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite(.timeLimit(.minutes(1))) struct StreamTransportTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let loopback = Endpoint(
        transport: .tcp, address: IPAddress(v4: 0x7F00_0001), port: 0)
    private static let reusePort = NIOBSDSocket.Option(rawValue: SO_REUSEPORT)
    private static let loopback6 = Endpoint(
        transport: .tcp, address: IPAddress(high: 0, low: 1), port: 0)

    private func station(_ local: Endpoint = Self.loopback) async throws -> StreamStation {
        try await StreamStation.open(local, on: loop)
    }

    private func close(_ stations: StreamStation...) async throws {
        for station in stations { try await station.close() }
    }

    private func options(_ number: Int, sentBy: String = "127.0.0.1") -> [UInt8] {
        Wire.request("OPTIONS", branch: "z9hG4bK\(number)", sentBy: sentBy)
    }

    /// A client of raw octets, whose answers come back as they are.
    private func client(to remote: Endpoint) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer>
    {
        try await ClientBootstrap(group: loop).connect(to: SocketAddress(remote)) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel(wrappingChannelSynchronously: channel)
            }
        }
    }

    @Test(arguments: [loopback, loopback6])
    func requestsAndAnswersShareOneConnection(local: Endpoint) async throws {
        let (server, client) = (try await station(local), try await station(local))
        let requests = (0..<100).map { options($0) }
        for request in requests {
            try await client.send(request, to: server.endpoint)
        }
        let arrived = await server.messages(100)
        #expect(arrived.map(\.bytes) == requests)
        let remotes = Set(arrived.map(\.remote))
        #expect(remotes.count == 1 && remotes.first?.port != client.endpoint.port)
        let answer = Wire.response(200, to: requests[0])
        try await server.send(answer, to: arrived[0].remote)
        let answers = await client.messages(1)
        #expect(answers == [ReceivedMessage(bytes: answer, remote: server.endpoint)])
        #expect(try await server.connectionCount == 1)
        try await close(server, client)
    }

    /// RFC 3261 section 18.2.2: the connection is gone, so that the answer opens one to sent-by.
    @Test func anAnswerFindsItsWayWhenTheConnectionIsGone() async throws {
        let (server, client) = (try await station(), try await station())
        let request = options(1, sentBy: "127.0.0.1:\(client.endpoint.port)")
        let raw = try await self.client(to: server.endpoint)
        let port = UInt16(raw.channel.localAddress?.port ?? 0)
        try await raw.executeThenClose { _, outbound in
            try await outbound.write(ByteBuffer(bytes: request))
            let arrived = await server.messages(1)
            #expect(arrived.map(\.bytes) == [request])
        }
        try await eventually("the connection is gone") {
            try await server.connectionCount == 0
        }
        let gone = Endpoint(transport: .tcp, address: Self.loopback.address, port: port)
        let answer = Wire.response(200, to: request)
        try await server.send(answer, to: gone)
        #expect(await client.messages(1).map(\.bytes) == [answer])
        try await close(server, client)
    }

    @Test func whatNobodyTakesComesBack() async throws {
        let client = try await station()
        let nobody = Endpoint(
            transport: .tcp, address: Self.loopback.address, port: UInt16(LoopbackPorts.next()))
        let request = options(1)
        try await client.send(request, to: nobody)
        var failures: [Endpoint] = []
        for await event in client.events {
            if case .cannotConnect(let remote, let reason) = event {
                #expect(reason == "Connection refused")
                failures.append(remote)
            }
            guard case .undelivered(let messages) = event else { continue }
            #expect(messages.map(\.bytes) == [request])
            break
        }
        #expect(failures == [nobody])
        #expect(try await client.connectionCount == 0)
        try await close(client)
    }

    /// A firewall that forgot the connection: TCP itself would take many minutes to notice.
    @Test func aConnectionOnWhichNothingIsAnsweredIsClosed() async throws {
        let (server, client) = (try await station(), try await station())
        let start = NIODeadline.now()
        try await client.send(options(1), to: server.endpoint)
        let arrived = await server.messages(1)
        try await client.lookAfterConnections(at: start + .seconds(31))
        #expect(try await client.connectionCount == 1, "its transaction still waits")
        try await server.send(Wire.response(200, to: options(1)), to: arrived[0].remote)
        _ = await client.messages(1)
        try await client.lookAfterConnections(at: start + .seconds(40))
        #expect(try await client.connectionCount == 1, "it was answered")
        try await client.send(options(2), to: server.endpoint)
        _ = await server.messages(1)
        try await client.lookAfterConnections(at: .now() + .seconds(40))
        try await eventually("it is closed") { try await client.connectionCount == 0 }
        try await close(server, client)
    }

    /// Kamailio's `tcp_reuse_port` and its like: the far end of its connection is the one of ours.
    @Test func aPeerMayConnectFromThePortThatItListensOn() async throws {
        let server = try await station()
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let listener = try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(Self.reusePort), value: 1)
            .childChannelInitializer { channel in
                channel.closeFuture.whenComplete { _ in end.yield() }
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(to: SocketAddress(Self.loopback)).get()
        let place = try #require(listener.localAddress)
        let peer = try #require(place.port.map { Self.loopback.at(port: UInt16($0)) })
        try await server.send(options(1), to: peer)
        for await event in server.events { if case .connected = event { break } }
        let second = try await ClientBootstrap(group: loop)
            .channelOption(.socketOption(Self.reusePort), value: 1)
            .bind(to: place).connect(to: SocketAddress(server.endpoint)).get()
        for await _ in ended { break }
        #expect(try await server.connectionCount == 1, "the first one is closed")
        try await second.close()
        try await eventually("the second one is gone") { try await server.connectionCount == 0 }
        try await listener.close()
        try await close(server)
    }

    /// The answer to a message that broke the stream arrives before the end of the stream.
    @Test func aBrokenStreamIsAnsweredAndClosed() async throws {
        let answer = Array("SIP/2.0 400 Missing Content-Length\r\n\r\n".utf8)
        let answering = NIOLoopBoundBox<StreamTransport?>.makeBoxSendingValue(nil, eventLoop: loop)
        let local = Self.loopback
        let server = try await StreamTransport.bind(local, on: loop) { event in
            guard case .received(let messages) = event else { return }
            for message in messages {
                answering.value?.write(
                    OutgoingMessage(
                        bytes: answer, local: local, remote: message.remote, gate: .open))
            }
            answering.value?.flush()
        }.get()
        try await loop.submit { answering.value = server }.get()
        let raw = try await client(to: server.localEndpoint)
        let request = Array("OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\nrest".utf8)
        try await raw.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: StreamFramer.ping + request))
            var octets: [UInt8] = []
            for try await part in inbound { octets += Array(part.readableBytesView) }
            #expect(octets == StreamFramer.pong + answer)
        }
        try await loop.submit {
            answering.value = nil
            server.close()
        }.get()
    }

    @Test func aPortInUseIsNamedWithAdvice() async throws {
        let first = try await station()
        let error = await #expect(throws: TransportError.self) {
            _ = try await station(first.endpoint)
        }
        #expect(error?.code == .addressInUse)
        #expect(error?.description.contains("listen on tcp://127.0.0.1:") == true)
        #expect(error?.description.contains("`ss -lntp`") == true)
        try await close(first)
    }
}

extension Endpoint {
    fileprivate func at(port: UInt16) -> Endpoint {
        Endpoint(transport: transport, address: address, port: port)
    }
}
