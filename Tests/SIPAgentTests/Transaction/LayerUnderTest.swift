import TrunkEvents

@testable import SIPAgent

/// Messages as a peer would write them.
enum Wire {
    static func request(
        _ method: String, branch: String, sentBy: String = "192.0.2.1:5060",
        callID: String = "call-1", toTag: String? = nil
    ) -> [UInt8] {
        let tag = toTag.map { ";tag=\($0)" } ?? ""
        return Array(
            """
            \(method) sip:bob@192.0.2.2 SIP/2.0\r
            Via: SIP/2.0/UDP \(sentBy);branch=\(branch);rport\r
            Max-Forwards: 70\r
            From: <sip:alice@192.0.2.1>;tag=a\r
            To: <sip:bob@192.0.2.2>\(tag)\r
            Call-ID: \(callID)\r
            CSeq: 1 \(method)\r
            Content-Length: 0\r
            \r

            """.utf8)
    }

    static func response(_ status: UInt16, to request: [UInt8], tag: String = "b") -> [UInt8] {
        guard let message = try? SIPMessage(parsing: request) else { return [] }
        let writer = MessageWriter(
            responseTo: message, status: status, toTag: Array(tag.utf8)[...])
        return writer.finish()
    }
}

/// A transaction layer, its clock and what it wants sent.
struct LayerUnderTest: ~Copyable {
    static let local = Endpoint(address: IPAddress(v4: 0xC000_0202), port: 5060)
    static let remote = Endpoint(address: IPAddress(v4: 0xC000_0201), port: 40_000)

    private(set) var local: Endpoint
    private(set) var remote: Endpoint
    var layer = TransactionLayer()
    private var output = AgentOutput()
    private var now = MonotonicInstant(nanoseconds: 0)

    init(_ transport: TransportProtocol = .udp) {
        (local, remote) = (Self.local, Self.remote)
        local.transport = transport
        remote.transport = transport
    }

    /// A `TransactionEvent` without its message, to be compared.
    enum Event: Equatable {
        case absorbed, ack
        case request(ServerTransactionID)
        case cancel(ServerTransactionID, of: ServerTransactionID?)
        case response(ClientTransactionID, UInt16)
        case stray(UInt16)
        case unknown(ClientTransactionID)

        var server: ServerTransactionID? {
            switch self {
            case .request(let id), .cancel(let id, _): id
            case .absorbed, .ack, .response, .stray, .unknown: nil
            }
        }
    }

    mutating func receive(_ bytes: [UInt8]) -> Event {
        guard let message = try? SIPMessage(parsing: bytes) else { return .absorbed }
        let event = layer.receive(
            message, from: remote, on: local, at: now, into: &output)
        switch event {
        case .absorbed: return .absorbed
        case .request(let id, _): return .request(id)
        case .cancel(let id, let invite, _): return .cancel(id, of: invite)
        case .ack: return .ack
        case .response(let id, let response): return .response(id, response.status ?? 0)
        case .strayResponse(let response): return .stray(response.status ?? 0)
        case .unknown(let invite): return .unknown(invite)
        }
    }

    mutating func send(
        _ request: [UInt8], _ method: Method, _ branch: String, gate: SendGate = .open
    ) -> ClientTransactionID {
        layer.send(
            OutgoingMessage(bytes: request, local: local, remote: remote, gate: gate),
            method: method, branch: Array(branch.utf8), at: now, into: &output)
    }

    mutating func undelivered(_ request: [UInt8]) -> TransactionTimeout? {
        guard let request = try? SIPMessage(parsing: request) else { return nil }
        return layer.undelivered(request, at: now, into: &output)
    }

    mutating func cancel(_ id: ClientTransactionID, headers: String = "") {
        layer.cancel(id, headers: Array(headers.utf8), at: now, into: &output)
    }

    mutating func respond(
        _ id: ServerTransactionID, _ status: UInt16, to request: [UInt8], tag: String = "b"
    ) {
        layer.respond(
            id, response: Wire.response(status, to: request, tag: tag), status: .code(status),
            gate: .durable, at: now, into: &output)
    }

    /// To an instant in milliseconds since the start.
    mutating func advance(to milliseconds: UInt64) -> [TransactionTimeout] {
        now = MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
        var timeouts: [TransactionTimeout] = []
        layer.advance(to: now, into: &output, reporting: &timeouts)
        return timeouts
    }

    /// What was sent since the last look.
    mutating func taken() -> [OutgoingMessage] {
        defer { output.removeAll() }
        return output.steps.compactMap { step in
            switch step {
            case .send(let message): message
            case .record, .withdraw: nil
            }
        }
    }

    mutating func sentMethods() -> [String] {
        taken().map { String(decoding: $0.bytes.prefix { $0 != 32 }, as: UTF8.self) }
    }
}
