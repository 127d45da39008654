public import TrunkEvents

/// What a carrier is told of the caller.
public struct CallerRules: Hashable, Sendable {
    /// The number in From.
    public enum Sender: Hashable, Sendable {
        /// The caller's.
        case caller
        /// The user that the trunk is registered as; an address trunk has the caller's.
        case registered
        /// The same for all calls.
        case fixed(Octets)
    }

    /// What becomes of a header by which a dialer names the caller.
    public enum Header: UInt8, Hashable, Sendable, CaseIterable {
        /// As the dialer wrote it, or absent.
        case pass
        /// Ours, with the caller's number, in place of the dialer's.
        case write
        case remove
    }

    /// What becomes of a caller's wish not to be shown.
    public enum Privacy: UInt8, Hashable, Sendable, CaseIterable {
        /// The Privacy header goes on as the dialer wrote it.
        case pass
        /// From becomes anonymous (RFC 3323 section 4.1.1.3), and Privacy asks the carrier to keep
        /// the asserted identity to itself (RFC 3325 section 9.3).
        case apply
        /// The carrier does not learn of it.
        case remove
    }

    /// Of the caller's number, in From and in the headers that are written.
    public var format: NumberFormat
    public var sender: Sender
    /// P-Asserted-Identity (RFC 3325).
    public var assertedIdentity: Header
    /// Remote-Party-ID, which older carriers ask for.
    public var remoteParty: Header
    /// Diversion (RFC 5806): the dialer's, or none.
    public var passesDiversion: Bool
    public var privacy: Privacy

    public init(
        format: NumberFormat = .asSent, sender: Sender = .caller,
        assertedIdentity: Header = .pass, remoteParty: Header = .pass,
        passesDiversion: Bool = true, privacy: Privacy = .pass
    ) {
        self.format = format
        self.sender = sender
        self.assertedIdentity = assertedIdentity
        self.remoteParty = remoteParty
        self.passesDiversion = passesDiversion
        self.privacy = privacy
    }
}

extension CallerRules.Header: CustomStringConvertible {
    /// As the configuration names it.
    public var description: String {
        switch self {
        case .pass: "pass"
        case .write: "write"
        case .remove: "remove"
        }
    }
}

extension CallerRules.Privacy: CustomStringConvertible {
    /// As the configuration names it.
    public var description: String {
        switch self {
        case .pass: "pass"
        case .apply: "apply"
        case .remove: "remove"
        }
    }
}

/// Where a dialer writes the caller's number.
public enum CallerSource: UInt8, Hashable, Sendable, CaseIterable {
    case from
    case assertedIdentity
    case remoteParty
}

extension CallerSource: CustomStringConvertible {
    /// As the configuration names it.
    public var description: String {
        switch self {
        case .from: "from"
        case .assertedIdentity: "p_asserted_identity"
        case .remoteParty: "remote_party_id"
        }
    }
}
