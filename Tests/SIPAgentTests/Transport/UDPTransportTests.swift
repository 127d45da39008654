import NIOCore
import NIOPosix
import Synchronization
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct UDPTransportTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let loopback = IPAddress(v4: 0x7F00_0001)
    private static let loopback6 = IPAddress(high: 0, low: 1)

    private func bind(
        _ address: IPAddress, port: UInt16 = 0,
        receive: @escaping @Sendable ([ReceivedMessage]) -> Void = { _ in }
    ) async throws -> UDPTransport {
        let endpoint = Endpoint(address: address, port: port)
        return try await UDPTransport.bind(endpoint, on: loop, receive: receive).get()
    }

    @Test(arguments: [loopback, loopback6]) func aBatchIsEchoed(address: IPAddress) async throws {
        let messages = (0..<200).map { Array("message \($0)".utf8) }
        let echoed = loop.makePromise(of: [[UInt8]].self)
        let received = Mutex<[[UInt8]]>([])
        let echo = NIOLoopBoundBox<UDPTransport?>.makeBoxSendingValue(nil, eventLoop: loop)
        let server = try await bind(address) { batch in
            for datagram in batch { echo.value?.write(datagram.bytes, to: datagram.remote) }
            echo.value?.flush()
        }
        let client = try await bind(address) { batch in
            let all = received.withLock { $0 += batch.map(\.bytes); return $0 }
            if all.count == messages.count { echoed.succeed(all) }
        }
        try await loop.submit {
            echo.value = server
            for message in messages { client.write(message, to: server.localEndpoint) }
            client.flush()
        }.get()
        #expect(try await echoed.futureResult.get() == messages)
        try await loop.submit {
            echo.value = nil
            #expect(client.droppedCount == 0)
            server.close()
            client.close()
        }.get()
    }

    @Test func theLargestDatagramArrivesWhole() async throws {
        let large = [UInt8](repeating: 65, count: 65_507)
        let arrived = loop.makePromise(of: ReceivedMessage.self)
        let server = try await bind(Self.loopback) { arrived.succeed($0[0]) }
        try await loop.submit {
            server.write(large, to: server.localEndpoint)
            server.flush()
        }.get()
        let datagram = try await arrived.futureResult.get()
        #expect(datagram == ReceivedMessage(bytes: large, remote: server.localEndpoint))
        try await loop.submit { server.close() }.get()
    }

    @Test func aRefusedDestinationClosesNothing() async throws {
        let arrived = loop.makePromise(of: [UInt8].self)
        let server = try await bind(Self.loopback) { arrived.succeed($0[0].bytes) }
        try await loop.submit {
            server.write([1], to: Endpoint(address: Self.loopback6, port: 5_060))
            server.write([2], to: Endpoint(address: Self.loopback, port: 0))
            server.write([3], to: server.localEndpoint)
            server.flush()
            #expect(server.droppedCount == 2)
        }.get()
        #expect(try await arrived.futureResult.get() == [3])
        try await loop.submit { server.close() }.get()
    }

    @Test func aPortInUseIsNamedWithAdvice() async throws {
        let first = try await bind(Self.loopback)
        let error = await #expect(throws: TransportError.self) {
            _ = try await bind(Self.loopback, port: first.localEndpoint.port)
        }
        #expect(error?.code == .addressInUse)
        #expect(error?.description.contains("the port is in use") == true)
        #expect(error?.description.contains("\n") == false)
        try await loop.submit { first.close() }.get()
    }

    @Test func aForeignAddressIsNamedWithAdvice() async {
        let error = await #expect(throws: TransportError.self) {
            _ = try await bind(IPAddress(v4: 0xC000_0201))
        }
        #expect(error?.code == .cannotAssign)
        #expect(error?.description.hasPrefix("cannot listen on udp://192.0.2.1:0: ") == true)
    }

    @Test func aClosedPortCanBeTakenAgain() async throws {
        let first = try await bind(Self.loopback)
        let port = first.localEndpoint.port
        try await loop.submit { first.close() }.get()
        let second = try await bind(Self.loopback, port: port)
        #expect(second.localEndpoint.port == port)
        try await loop.submit { second.close() }.get()
    }
}
