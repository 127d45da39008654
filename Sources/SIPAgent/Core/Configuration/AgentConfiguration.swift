public import TrunkEvents

/// Everything the agent is told: who may call, which carriers there are, how numbers travel.
///
/// Plain values, already checked: names are unique and every route leads to a trunk that exists.
public struct AgentConfiguration: Hashable, Sendable {
    public var node: ShortName
    public var listeners: [Endpoint]
    /// The host that Via and Contact show instead of a listener's own address.
    public var advertisedHost: Octets?
    public var dialers: [DialerConfiguration]
    public var trunks: [TrunkConfiguration]
    public var routes: [RouteConfiguration]
    public var inboundNumbers: [InboundNumberConfiguration]
    public var numbering: NumberingPlan
    /// For the hours of routes.
    public var localTime: LocalTime
    public var security: SecuritySettings

    public init(
        node: ShortName, listeners: [Endpoint], advertisedHost: Octets? = nil,
        dialers: [DialerConfiguration], trunks: [TrunkConfiguration],
        routes: [RouteConfiguration], inboundNumbers: [InboundNumberConfiguration] = [],
        numbering: NumberingPlan = .init(), localTime: LocalTime = .utc,
        security: SecuritySettings = .init()
    ) {
        self.node = node
        self.listeners = listeners
        self.advertisedHost = advertisedHost
        self.dialers = dialers
        self.trunks = trunks
        self.routes = routes
        self.inboundNumbers = inboundNumbers
        self.numbering = numbering
        self.localTime = localTime
        self.security = security
    }
}

/// A PBX that may place calls and that inbound calls can be sent to.
public struct DialerConfiguration: Hashable, Sendable {
    public var name: ShortName
    public var sources: [AddressRange]
    public var credentials: Credentials?
    /// The digests that it may answer with; of no meaning without credentials.
    public var digests: Set<DialerDigest>
    /// Where inbound calls are sent.
    public var contact: Endpoint?
    public var reference: DialerReference
    public var calls: CallSettings
    /// The headers that are believed to name the caller, the first that does counts.
    public var callerSources: [CallerSource]
    /// A REFER of this dialer is carried out here; else it is the other leg's.
    public var transfersHere = false

    public init(
        name: ShortName, sources: [AddressRange], credentials: Credentials? = nil,
        digests: Set<DialerDigest> = [.md5],
        contact: Endpoint? = nil, reference: DialerReference = .none,
        callerSources: [CallerSource] = [.from],
        calls: CallSettings = CallSettings()
    ) {
        self.name = name
        self.sources = sources
        self.credentials = credentials
        self.digests = digests
        self.contact = contact
        self.reference = reference
        self.calls = calls
        self.callerSources = callerSources
    }
}

/// How a dialer may prove that it knows its password (RFC 8760).
public enum DialerDigest: UInt8, Hashable, Sendable, CaseIterable {
    case md5
    case sha256
    case sha512Slash256

    var algorithm: DigestAlgorithm {
        switch self {
        case .md5: .md5
        case .sha256: .sha256
        case .sha512Slash256: .sha512Slash256
        }
    }
}

extension DialerDigest: CustomStringConvertible {
    /// As the configuration names it.
    public var description: String {
        switch self {
        case .md5: "md5"
        case .sha256: "sha-256"
        case .sha512Slash256: "sha-512-256"
        }
    }
}

/// Where a dialer writes its own code for a call.
public enum DialerReference: Hashable, Sendable {
    case none
    /// The display name of From, as VICIdial does; taken off before the carrier sees it.
    case fromDisplay
    case header(Octets)
}

public struct Credentials: Hashable, Sendable {
    public var user: Octets
    public var password: Octets

    public init(user: Octets, password: Octets) {
        self.user = user
        self.password = password
    }
}

extension Credentials: CustomStringConvertible, CustomReflectable {
    /// The password stays out of logs and dumps.
    public var description: String { "\(user):(hidden)" }
    public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
}

/// Addresses that share their first `prefixLength` bits, of the 128 of IPv6.
public struct AddressRange: Hashable, Sendable {
    public let base: IPAddress
    /// 0 to 128; an IPv4 `/24` is 120 here.
    public let prefixLength: Int

    public init(base: IPAddress, prefixLength: Int = 128) {
        precondition((0...128).contains(prefixLength), "a prefix has 0 to 128 bits")
        self.base = base
        self.prefixLength = prefixLength
    }

    public func contains(_ address: IPAddress) -> Bool {
        let highBits = min(prefixLength, 64)
        let lowBits = prefixLength - highBits
        let same = { (a: UInt64, b: UInt64, bits: Int) in
            bits == 0 || (a ^ b) >> UInt64(64 - bits) == 0
        }
        return same(base.high, address.high, highBits) && same(base.low, address.low, lowBits)
    }
}

extension AddressRange: CustomStringConvertible {
    /// As it is written: `10.0.0.0/24`; a single address without its length.
    public var description: String {
        if prefixLength == 128 { return base.description }
        let isV4 = base.isV4 && prefixLength >= 96
        return "\(base)/\(isV4 ? prefixLength - 96 : prefixLength)"
    }
}

/// A number of ours and the dialer that takes its calls.
public struct InboundNumberConfiguration: Hashable, Sendable {
    public var number: Octets
    public var dialer: ShortName

    public init(number: Octets, dialer: ShortName) {
        self.number = number
        self.dialer = dialer
    }
}

/// How a number as dialled becomes E.164.
public struct NumberingPlan: Hashable, Sendable {
    /// The country code, digits only, that a national number gets.
    public var country: Octets
    /// Prefixes that stand for `+`.
    public var internationalPrefixes: [Octets]
    /// Numbers that are taken as they are.
    public var emergencyNumbers: [Octets]

    public init(
        country: Octets = .empty, internationalPrefixes: [Octets] = [],
        emergencyNumbers: [Octets] = []
    ) {
        self.country = country
        self.internationalPrefixes = internationalPrefixes
        self.emergencyNumbers = emergencyNumbers
    }
}
