public import TrunkEvents

/// A SIP server as its URI names it, for DNS to locate (RFC 3263).
public struct ServerName: Hashable, Sendable {
    /// What the URI says of the transport.
    public enum Transport: Hashable, Sendable {
        /// Nothing: DNS chooses.
        case any
        /// `sips`: DNS chooses among those on TLS.
        case secure
        case exactly(TransportProtocol)

        /// Where DNS says nothing of it (section 4.1).
        public var assumed: TransportProtocol {
            switch self {
            case .any: .udp
            case .secure: .tls
            case .exactly(let transport): transport
            }
        }

        /// Those that DNS may choose, our favourite first.
        public var choices: [TransportProtocol] {
            switch self {
            case .any: [.udp, .tcp, .tls]
            case .secure: [.tls]
            case .exactly(let transport): [transport]
            }
        }
    }

    /// In lower case, without a dot at its end.
    public let host: Octets
    /// `nil`: DNS knows it, or it is the transport's usual one.
    public let port: UInt16?
    public let transport: Transport

    public init(host: some StringProtocol, port: UInt16? = nil, transport: Transport = .any) {
        let name = host.lowercased()
        self.host = Octets(name.hasSuffix(".") ? name.dropLast() : name[...])
        self.port = port
        self.transport = transport
    }
}

extension ServerName: CustomStringConvertible {
    public var description: String {
        let place = port.map { "\(host):\($0)" } ?? host.description
        switch transport {
        case .any: return "sip:\(place)"
        case .secure: return "sips:\(place)"
        case .exactly(let transport): return "sip:\(place);transport=\(transport)"
        }
    }
}

/// Where requests to a carrier go: to an address, or wherever DNS locates a name.
public enum SIPServer: Hashable, Sendable {
    case endpoint(Endpoint)
    case named(ServerName)

    public var name: ServerName? {
        switch self {
        case .endpoint: nil
        case .named(let name): name
        }
    }

    var endpoint: Endpoint? {
        switch self {
        case .endpoint(let endpoint): endpoint
        case .named: nil
        }
    }

    /// The port that a URI needs to lead here: a name without one is looked up in another way than
    /// a name with the usual one.
    var uriPort: UInt16? {
        switch self {
        case .endpoint(let endpoint): endpoint.unusualPort
        case .named(let name): name.port
        }
    }

    /// As a URI names the transport.
    var uriParameter: StaticString {
        switch self {
        case .endpoint(let endpoint): endpoint.transport.uriParameter
        case .named(let name):
            switch name.transport {
            case .any: ""
            case .secure: TransportProtocol.tls.uriParameter
            case .exactly(let transport): transport.uriParameter
            }
        }
    }
}

extension SIPServer: CustomStringConvertible {
    public var description: String {
        switch self {
        case .endpoint(let endpoint): endpoint.description
        case .named(let name): name.description
        }
    }
}

extension Endpoint {
    /// `nil` for the transport's usual one.
    var unusualPort: UInt16? { port == transport.sipPort ? nil : port }
}
