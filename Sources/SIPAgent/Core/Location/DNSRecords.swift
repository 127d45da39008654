public import TrunkEvents

/// What a resolver is asked.
public enum DNSQuestion: Hashable, Sendable {
    case naptr(Octets)
    case srv(Octets)
    /// Of both families.
    case addresses(Octets)
}

/// What it says: records of the kind that was asked for.
public enum DNSAnswer: Hashable, Sendable {
    case naptr([NAPTRRecord])
    case srv([SRVRecord])
    case addresses([IPAddress])
    /// There is no such name, or it has no such records.
    case nothing

    /// Records beyond this many are not looked at: nobody needs them, and a name must not fill our
    /// memory.
    public static let recordsMax = 32
}

/// How an exchange with the resolver ended.
public enum DNSReply: Hashable, Sendable {
    case answered(DNSAnswer, lifetime: Nanoseconds)
    /// It said nothing, or that it cannot say.
    case failed
}

/// RFC 3403 section 4, as far as RFC 3263 uses it.
public struct NAPTRRecord: Hashable, Sendable {
    public var order: UInt16
    public var preference: UInt16
    public var flags: Octets
    public var service: Octets
    /// The name to go on with.
    public var replacement: Octets

    public init(
        order: UInt16, preference: UInt16, flags: Octets, service: Octets, replacement: Octets
    ) {
        self.order = order
        self.preference = preference
        self.flags = flags
        self.service = service
        self.replacement = replacement
    }
}

/// RFC 2782.
public struct SRVRecord: Hashable, Sendable {
    public var priority: UInt16
    public var weight: UInt16
    public var port: UInt16
    /// Empty where the service is decidedly not offered.
    public var target: Octets

    public init(priority: UInt16, weight: UInt16, port: UInt16, target: Octets) {
        self.priority = priority
        self.weight = weight
        self.port = port
        self.target = target
    }
}
