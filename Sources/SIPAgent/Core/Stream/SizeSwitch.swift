import TrunkEvents

/// A request that is too large for a datagram goes over a stream, where there is a listener for
/// streams and the peer takes connections (RFC 3261 section 18.1.1).
extension Switchboard {
    /// The same request for a stream; `nil` when it goes as it is.
    func streamForm(of message: OutgoingMessage) -> OutgoingMessage? {
        guard message.remote.transport == .udp,
            message.bytes.count > MessageLimits.datagramBytesMax,
            !streamRefusals.holds(message.remote, at: now.monotonic),
            let listener = directory.streamListener(towards: message.remote),
            let request = SIPMessage(own: message.bytes)
        else { return nil }
        var stream = message
        stream.local = listener
        stream.remote.transport = .tcp
        stream.bytes = MessageWriter.moving(
            request, to: .tcp, sentBy: directory.sentBy(listener)[...])
        return stream
    }
}

extension AgentDirectory {
    fileprivate func streamListener(towards remote: Endpoint) -> Endpoint? {
        configuration.listeners.first {
            $0.transport == .tcp && $0.address.isV4 == remote.address.isV4
        }
    }
}

extension MessageWriter {
    /// A request of ours with another transport and sent-by in its only Via; the branch stays, so
    /// that answers find its transaction.
    static func moving(
        _ request: SIPMessage, to transport: ViaTransport, sentBy: Bytes
    ) -> [UInt8] {
        let via = request.topVia.text
        let parameters = request.topVia.parameters.text
        var writer = MessageWriter(capacity: request.bytes.count + 64)
        writer.append(request.bytes[..<via.startIndex])
        writer.append("SIP/2.0/")
        writer.append(transport.name)
        writer.append(" ")
        writer.append(sentBy)
        writer.append(parameters)
        writer.append(request.bytes[via.endIndex...])
        return writer.bytes
    }
}

/// Peers that took no connection lately: large requests go to them as datagrams at once, instead of
/// waiting each time for a connection that does not come about.
struct StreamRefusals: Sendable {
    private var until: [Endpoint: MonotonicInstant] = [:]

    static let memory = Nanoseconds.seconds(600)
    static let peersMax = 1_024

    mutating func note(_ remote: Endpoint, at now: MonotonicInstant) {
        if until.count >= Self.peersMax { until = until.filter { $0.value > now } }
        guard until.count < Self.peersMax else { return }
        until[Self.datagramPeer(remote)] = now.advanced(by: Self.memory)
    }

    func holds(_ remote: Endpoint, at now: MonotonicInstant) -> Bool {
        guard !until.isEmpty, let end = until[Self.datagramPeer(remote)] else { return false }
        return end > now
    }

    private static func datagramPeer(_ remote: Endpoint) -> Endpoint {
        Endpoint(transport: .udp, address: remote.address, port: remote.port)
    }
}
