/// An IP address; IPv4 is kept as an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2).
public struct IPAddress: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Four octets in host order: 127.0.0.1 is 0x7F00_0001.
    public init(v4: UInt32) {
        self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(v4))
    }

    public var isV4: Bool { high == 0 && low &>> 32 == 0xFFFF }
    public var v4: UInt32? { isV4 ? UInt32(truncatingIfNeeded: low) : nil }
    public var isUnspecified: Bool { self == IPAddress(v4: 0) || (high == 0 && low == 0) }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.high, lhs.low) < (rhs.high, rhs.low)
    }

    var groups: [UInt16] {
        (0..<8).map { index in
            let word = index < 4 ? high : low
            return UInt16(truncatingIfNeeded: word &>> UInt64((3 - index & 3) * 16))
        }
    }
}

public enum TransportProtocol: UInt8, Hashable, Sendable, CaseIterable {
    case udp = 1
    case tcp = 2
    case tls = 3

    /// Where SIP is spoken when no port is written (RFC 3261 section 19.1.2).
    public var sipPort: UInt16 { self == .tls ? 5061 : 5060 }
}

/// One end of a flow of SIP messages.
public struct Endpoint: Hashable, Sendable {
    public var transport: TransportProtocol
    public var address: IPAddress
    public var port: UInt16

    public init(transport: TransportProtocol = .udp, address: IPAddress, port: UInt16) {
        self.transport = transport
        self.address = address
        self.port = port
    }
}
