import TrunkEvents

/// The names that a certificate vouches for, and whether one of them is the peer's (RFC 5922).
struct PeerIdentity: Sendable {
    /// subjectAltName entries as they stand.
    var uris: [[UInt8]] = []
    var dnsNames: [[UInt8]] = []
    /// 4 or 16 octets each.
    var addresses: [[UInt8]] = []

    /// Section 7.1: SIP URIs without a user part; DNS names only where there is no such URI.
    private var domains: [[UInt8]] {
        let hosts = uris.compactMap(Self.sipHost)
        return hosts.isEmpty ? dnsNames : hosts
    }

    /// Whether the peer may call itself `host`, the name that it was configured under. Names are
    /// compared whole and without regard to case, and no wildcard matches anything (section 7.2).
    func vouches(for host: Octets) -> Bool {
        let name = host.bytes[...]
        if domains.contains(where: { $0[...].matches(name) }) { return true }
        guard let address = IPAddress(host: name) else { return false }
        return addresses.contains(address.octets)
    }

    private static func sipHost(_ text: [UInt8]) -> [UInt8]? {
        guard let uri = SIPURI(text[...]), uri.scheme == .sip, uri.user == nil else { return nil }
        return Array(uri.host)
    }
}

extension IPAddress {
    /// In network order, as a certificate holds it (RFC 5280 section 4.2.1.6).
    fileprivate var octets: [UInt8] {
        let all = [high, low].flatMap { (word: UInt64) -> [UInt8] in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
        return isV4 ? Array(all.suffix(4)) : all
    }
}
