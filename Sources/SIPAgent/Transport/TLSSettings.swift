public import TrunkEvents

/// What this agent shows to peers on TLS, and whom it believes.
public struct TLSSettings: Hashable, Sendable {
    /// Our certificate and those between it and its authority, PEM.
    public var certificates: Octets
    /// PEM, not encrypted.
    public var key: PrivateKey
    /// Who is believed, PEM; `nil` for the authorities that this machine trusts.
    public var authorities: Octets?
    public var minimum: TLSMinimum
    /// Whoever connects must show a certificate of these authorities.
    public var verifiesClients: Bool
    /// The name that the certificate of a peer must bear when we connect to it.
    public var peerNames: [Endpoint: Octets]

    public init(
        certificates: Octets, key: Octets, authorities: Octets? = nil,
        minimum: TLSMinimum = .v12, verifiesClients: Bool = false,
        peerNames: [Endpoint: Octets] = [:]
    ) {
        self.certificates = certificates
        self.key = PrivateKey(pem: key)
        self.authorities = authorities
        self.minimum = minimum
        self.verifiesClients = verifiesClients
        self.peerNames = peerNames
    }

    /// Kept out of logs and dumps.
    public struct PrivateKey: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
        let pem: Octets

        public var description: String { "(hidden)" }
        public var customMirror: Mirror { Mirror(self, children: []) }
    }
}

/// The oldest version of TLS that is spoken. RFC 8996 forbids those before 1.2.
public enum TLSMinimum: String, Hashable, Sendable, CaseIterable {
    case v12 = "1.2"
    case v13 = "1.3"
}
