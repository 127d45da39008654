import NIOCore
import TrunkEvents

@testable import SIPAgent

/// A stream transport and what it reported.
struct StreamStation: Sendable {
    let events: AsyncStream<StreamEvent>
    private let transport: StreamTransport
    private let loop: any EventLoop

    static func open(
        _ local: Endpoint, securedBy contexts: TLSContexts? = nil, on loop: any EventLoop
    ) async throws -> StreamStation {
        let (events, continuation) = AsyncStream.makeStream(of: StreamEvent.self)
        let transport = try await StreamTransport.bind(local, securedBy: contexts, on: loop) {
            continuation.yield($0)
        }.get()
        return StreamStation(events: events, transport: transport, loop: loop)
    }

    var endpoint: Endpoint { transport.localEndpoint }

    var connectionCount: Int {
        get async throws { try await loop.submit { transport.connectionCount }.get() }
    }

    func send(_ bytes: [UInt8], to remote: Endpoint) async throws {
        let message = OutgoingMessage(bytes: bytes, local: endpoint, remote: remote, gate: .open)
        try await loop.submit {
            transport.write(message)
            transport.flush()
        }.get()
    }

    /// As if it were that late already.
    func lookAfterConnections(at instant: NIODeadline) async throws {
        try await loop.submit { transport.lookAfterConnections(at: instant) }.get()
    }

    /// The next so many messages, or more.
    func messages(_ count: Int) async -> [ReceivedMessage] {
        var all: [ReceivedMessage] = []
        for await event in events {
            if case .received(let messages) = event { all += messages }
            if all.count >= count { break }
        }
        return all
    }

    func secure(with contexts: TLSContexts) async throws {
        try await loop.submit { transport.secure(with: contexts) }.get()
    }

    func close() async throws {
        try await loop.submit { transport.close() }.get()
    }
}
