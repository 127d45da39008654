import TrunkEvents

@testable import SIPAgent

/// A peer of the agent as a maker of messages: what a dialer or a carrier would write.
struct Phone: Sendable {
    let endpoint: Endpoint
    let tag: String

    init(_ endpoint: Endpoint, tag: String) {
        self.endpoint = endpoint
        self.tag = tag
    }

    var hostPort: String {
        let address = endpoint.address
        return address.isV4 ? "\(address):\(endpoint.port)" : "[\(address)]:\(endpoint.port)"
    }

    /// An INVITE outside a dialog.
    func invite(
        _ callID: String, to number: String = "2125550199", from user: String = "3105550100",
        branch: String? = nil, sequence: Int = 1, headers: [String] = [],
        body: Octets = AgentBed.sdp
    ) -> [UInt8] {
        request(
            "INVITE", uri: "sip:\(number)@127.0.0.1:5062", branch: branch ?? "z9hG4bK-\(callID)",
            to: "<sip:\(number)@127.0.0.1>", callID: callID, sequence: sequence,
            from: "\"V5108\" <sip:\(user)@\(endpoint.address)>;tag=\(tag)-\(callID)",
            headers: ["Contact: <sip:\(user)@\(hostPort)>"] + headers, body: body)
    }

    /// CANCEL of that INVITE.
    func cancel(
        _ callID: String, to number: String = "2125550199", from user: String = "3105550100",
        headers: [String] = []
    ) -> [UInt8] {
        request(
            "CANCEL", uri: "sip:\(number)@127.0.0.1:5062", branch: "z9hG4bK-\(callID)",
            to: "<sip:\(number)@127.0.0.1>", callID: callID, sequence: 1,
            from: "\"V5108\" <sip:\(user)@\(endpoint.address)>;tag=\(tag)-\(callID)",
            headers: headers, body: .empty)
    }

    /// A request of the caller inside the dialog that `answer` made.
    func request(
        _ method: String, after answer: SIPMessage, sequence: Int, branch: String? = nil,
        headers: [String] = [], body: Octets = .empty
    ) -> [UInt8] {
        request(
            method, uri: text(answer.contact?.uriText),
            branch: branch ?? unique(method, sequence, answer),
            to: text(answer.first(.to)), callID: text(answer.callID), sequence: sequence,
            from: text(answer.first(.from)), headers: ["Contact: <sip:\(hostPort)>"] + headers,
            body: body)
    }

    /// A request of the called side inside the dialog of the INVITE that it answered.
    func request(
        _ method: String, within invite: SIPMessage, sequence: Int, branch: String? = nil,
        headers: [String] = [], body: Octets = .empty
    ) -> [UInt8] {
        request(
            method, uri: text(invite.contact?.uriText),
            branch: branch ?? unique(method, sequence, invite),
            to: text(invite.first(.from)), callID: text(invite.callID), sequence: sequence,
            from: "\(text(invite.first(.to)));tag=\(tag)",
            headers: ["Contact: <sip:\(hostPort)>"] + headers, body: body)
    }

    /// An answer to a request.
    func response(
        _ status: UInt16, to request: SIPMessage, headers: [String] = [], body: Octets = .empty,
        tag: String? = nil
    ) -> [UInt8] {
        let tagBytes = Array((tag ?? self.tag).utf8)
        var writer = MessageWriter(
            responseTo: request, status: status, toTag: tagBytes[...], recordRoute: true)
        if request.method == .invite, status > 100, status < 300 {
            writer.append(Array("Contact: <sip:\(hostPort)>\r\n".utf8))
        }
        for header in headers { writer.append(Array("\(header)\r\n".utf8)) }
        return writer.finish(body: body.bytes[...], contentType: Bytes("application/sdp"))
    }

    func request(
        _ method: String, uri: String, branch: String, to: String, callID: String, sequence: Int,
        from: String, headers: [String], body: Octets
    ) -> [UInt8] {
        var lines = [
            "\(method) \(uri) SIP/2.0", "Via: SIP/2.0/UDP \(hostPort);branch=\(branch)",
            "Max-Forwards: 70", "From: \(from)", "To: \(to)", "Call-ID: \(callID)",
            "CSeq: \(sequence) \(method)",
        ]
        lines += headers
        if !body.isEmpty { lines.append("Content-Type: application/sdp") }
        lines.append("Content-Length: \(body.count)")
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body.bytes
    }

    private func unique(_ method: String, _ sequence: Int, _ message: SIPMessage) -> String {
        "z9hG4bK-\(tag)-\(method)-\(sequence)-\(text(message.callID).prefix(12))"
    }

    private func text(_ bytes: Bytes?) -> String {
        String(decoding: bytes ?? [], as: UTF8.self)
    }
}

extension SIPMessage {
    /// A message that a test wrote.
    init(written bytes: [UInt8]) {
        guard let message = SIPMessage(own: bytes) else {
            preconditionFailure("unreadable: \(Octets(bytes))")
        }
        self = message
    }

    /// A header's value as text.
    func text(_ id: HeaderID) -> String? {
        first(id).map { String(decoding: $0, as: UTF8.self) }
    }

    func text(named name: String) -> String? {
        index.first(named: Array(name.utf8)[...]).map { String(decoding: $0, as: UTF8.self) }
    }

    var uri: String { String(decoding: requestURI ?? [], as: UTF8.self) }
}
