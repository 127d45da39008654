import TrunkEvents

/// How we name ourselves towards a peer: the advertised host, unless that is an address of the
/// other family, or else the listener's own, and the listener's port.
struct OwnAddress: Hashable, Sendable {
    let transport: TransportProtocol
    /// For Via's sent-by and for URIs; IPv6 in brackets.
    let hostPort: [UInt8]

    init(listener: Endpoint, advertisedHost: Octets?) {
        transport = listener.transport
        let address = listener.address
        let advertised = advertisedHost.flatMap { host in
            let literal = IPAddress(host: host.bytes[...])
            return literal == nil || literal?.isV4 == address.isV4 ? host : nil
        }
        var text = advertised?.bytes ?? Array(address.description.utf8)
        let isBareIPv6 = text.contains(UInt8(ascii: ":")) && text.first != UInt8(ascii: "[")
        if isBareIPv6 { text = [UInt8(ascii: "[")] + text + [UInt8(ascii: "]")] }
        text.append(UInt8(ascii: ":"))
        text.append(contentsOf: Array(String(listener.port).utf8))
        hostPort = text
    }

    /// `sip:user@host:port`, with a transport parameter unless it is UDP.
    func contact(user: [UInt8]?) -> [UInt8] {
        var uri = URIText.sip(user: user, host: hostPort)
        uri.append(transport.uriParameter)
        return uri
    }
}

extension TransportProtocol {
    /// As a URI names it; nothing for UDP, which a URI without it means (RFC 3263 section 4.1).
    var uriParameter: StaticString {
        switch self {
        case .udp: ""
        case .tcp: ";transport=tcp"
        case .tls: ";transport=tls"
        }
    }
}

/// URIs written from configured text.
enum URIText {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// `sip:user@host`.
    static func sip(user: [UInt8]?, host: [UInt8]) -> [UInt8] {
        var uri = Array("sip:".utf8)
        if let user, !user.isEmpty { uri += escaped(user) + [UInt8(ascii: "@")] }
        return uri + host
    }

    /// What a user part cannot hold, escaped (RFC 3261 section 19.1.2).
    static func escaped(_ user: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for byte in user {
            if ByteSet.user.contains(byte), byte != UInt8(ascii: "#") {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return text
    }
}
