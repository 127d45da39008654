internal import SIPAgent
internal import TrunkEvents

/// `host`, `host:port`, `[ipv6]`, `[ipv6]:port`.
struct HostPort: Hashable {
    /// A literal address without brackets, or a host name.
    var host: String
    /// `nil` where none is written.
    var port: UInt16?

    init(_ text: some StringProtocol) throws(TextProblem) {
        let portText: Substring?
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else {
                throw TextProblem("'\(text)' has no closing bracket; write IPv6 like [::1]:5060")
            }
            host = String(text[text.index(after: text.startIndex)..<close])
            let rest = text[text.index(after: close)...]
            guard rest.isEmpty || rest.first == ":" else {
                throw TextProblem("'\(text)' goes on after the bracket; write [::1]:5060")
            }
            portText = rest.isEmpty ? nil : Substring(rest.dropFirst())
        } else if text.split(separator: ":", omittingEmptySubsequences: false).count > 2 {
            throw TextProblem("'\(text)' needs brackets around IPv6; write it like [::1]:5060")
        } else {
            let colon = text.firstIndex(of: ":")
            host = String(text[..<(colon ?? text.endIndex)])
            portText = colon.map { Substring(text[text.index(after: $0)...]) }
        }
        try Self.check(host: host, in: String(text))
        guard let portText else { return }
        guard let port = UInt16(portText), port > 0 else {
            throw TextProblem("'\(portText)' is not a port; a port is 1 to 65535")
        }
        self.port = port
    }

    /// The literal's address; `nil` for a host name.
    var literal: IPAddress? { IPAddress(host) }

    /// As it stands in a SIP URI: IPv6 in brackets.
    var uriHost: Octets { Octets(host.contains(":") ? "[\(host)]" : host) }

    /// The same with its port, where one is written.
    var uriHostPort: Octets {
        guard let port else { return uriHost }
        return Octets(uriHost.bytes + Array(":\(port)".utf8))
    }

    private static func check(host: String, in text: String) throws(TextProblem) {
        if IPAddress(host) != nil { return }
        let isName = host.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "_")
        }
        let isNumeric = host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard isName, !isNumeric, !host.isEmpty else {
            throw TextProblem(
                "'\(text)' is no address; write an IP address or a host name, "
                    + "with a port as in 127.0.0.1:5060")
        }
    }
}

/// The transports that this version speaks.
enum TransportText {
    static func parse(_ name: some StringProtocol) throws(TextProblem) -> TransportProtocol {
        switch name.lowercased() {
        case "udp": return .udp
        case "tcp": return .tcp
        case "tls": return .tls
        case "ws", "wss":
            throw TextProblem("this version does not support \(name); use udp, tcp or tls")
        default:
            throw TextProblem("'\(name)' is not a transport; use udp, tcp or tls")
        }
    }
}

/// `udp://127.0.0.1:5062`, `tcp://[::1]:5062`: a socket that we open.
struct ListenText: Hashable {
    var endpoint: Endpoint

    init(_ text: String) throws(TextProblem) {
        guard let scheme = text.firstRange(of: "://") else {
            throw TextProblem("'\(text)' has no transport; write it like udp://\(text)")
        }
        let transport = try TransportText.parse(text[..<scheme.lowerBound])
        let place = try HostPort(text[scheme.upperBound...])
        guard let address = place.literal else {
            throw TextProblem(
                "'\(place.host)' is a host name; listen on an IP address of this machine, "
                    + "or on 0.0.0.0 for all of them")
        }
        endpoint = Endpoint(
            transport: transport, address: address, port: place.port ?? transport.sipPort)
    }
}

/// `sip:127.0.0.4:5080;transport=tcp`: where requests are sent. The scheme may be left out; `sips`
/// says TLS.
struct SIPTargetText: Hashable {
    var place: HostPort
    var written = ServerName.Transport.any

    var transport: TransportProtocol { written.assumed }

    init(_ text: String) throws(TextProblem) {
        var rest = Substring(text)
        let isSecure = rest.lowercased().hasPrefix("sips:")
        if isSecure {
            rest = rest.dropFirst(5)
            written = .secure
        } else if rest.lowercased().hasPrefix("sip:") {
            rest = rest.dropFirst(4)
        }
        let parts = rest.split(separator: ";", omittingEmptySubsequences: false)
        for parameter in parts.dropFirst() {
            let words = parameter.split(separator: "=", maxSplits: 1)
            guard words.count == 2, words[0].lowercased() == "transport" else {
                throw TextProblem(
                    "'\(parameter)' is not supported here; write only "
                        + "sip:HOST:PORT;transport=tcp")
            }
            written = .exactly(try TransportText.parse(words[1]))
            guard !isSecure || written.assumed == .tls else {
                throw TextProblem(
                    "sips is TLS, not \(written.assumed); write sip or transport=tls")
            }
        }
        guard let target = parts.first, !target.contains("@") else {
            throw TextProblem("an address has no user part; write only sip:HOST:PORT")
        }
        place = try HostPort(target)
    }
}
