public import TrunkEvents

/// A set of channels rented from one carrier.
public struct TrunkConfiguration: Hashable, Sendable {
    public var name: TrunkName
    public var carrier: CarrierName
    /// Where INVITEs, REGISTERs and OPTIONS go.
    public var server: SIPServer
    /// The host part of Request-URI, To and From towards this carrier, as configured.
    public var domain: Octets
    public var registration: RegistrationConfiguration?
    /// Everything goes through it, with its URI in Route (RFC 3261 section 8.1.2).
    public var outboundProxy: OutboundProxy?
    /// Inbound calls from these sources belong to this trunk.
    public var sources: [AddressRange]
    /// So do those from the addresses at which DNS locates its servers.
    public var matchesServers: Bool
    public var channels: ChannelLimits
    public var callsPerSecond: CallRateLimit?
    /// Time between OPTIONS probes; `nil` switches probing off.
    public var probeInterval: Nanoseconds?
    /// When probes and calls make it down, and up again.
    public var healthLimits: HealthLimits
    /// From sending the INVITE to the first 18x or final answer.
    public var progressTimeout: Nanoseconds
    /// From the first 18x to the answer.
    public var noAnswerTimeout: Nanoseconds
    /// Answers that let the next trunk try.
    public var failoverCodes: Set<StatusCode>
    /// How a called number is written for this carrier.
    public var number: NumberRules
    /// What this carrier is told of the caller.
    public var caller: CallerRules
    /// Answers by which this carrier says that it has no channel left: the next trunk tries.
    public var fullAnswers: [AnswerPattern]
    public var calls: CallSettings
    /// A 3xx leads to the carrier's other address instead of the next trunk.
    public var followsRedirections: Bool
    /// Windows left out of its availability, as they are written: the log holds them for whoever
    /// works that out.
    public var maintenance: [Octets]

    /// Whether our requests to this carrier go there, whatever DNS says.
    func isAsked(at endpoint: Endpoint) -> Bool {
        server.endpoint == endpoint || outboundProxy?.server.endpoint == endpoint
            || registration?.backups.contains { $0.endpoint == endpoint } ?? false
    }

    /// Whom requests to this carrier are sent to first, in this order.
    var firstServers: [SIPServer] {
        if let outboundProxy { return [outboundProxy.server] }
        return [server] + (registration?.backups ?? [])
    }

    /// What DNS is asked for on its behalf.
    public var serverNames: [ServerName] { firstServers.compactMap(\.name) }

    public static let defaultFailoverCodes: Set<StatusCode> =
        [.code(408), .code(500), .code(502), .code(503), .code(504)]

    public init(
        name: TrunkName, carrier: CarrierName, server: SIPServer, domain: Octets,
        registration: RegistrationConfiguration? = nil, outboundProxy: OutboundProxy? = nil,
        sources: [AddressRange], matchesServers: Bool = false, channels: ChannelLimits,
        callsPerSecond: CallRateLimit? = nil,
        probeInterval: Nanoseconds? = .seconds(30), healthLimits: HealthLimits = .init(),
        progressTimeout: Nanoseconds = .seconds(6),
        noAnswerTimeout: Nanoseconds = .seconds(60),
        failoverCodes: Set<StatusCode> = Self.defaultFailoverCodes,
        fullAnswers: [AnswerPattern] = AnswerPattern.usualFullAnswers,
        number: NumberRules = .init(), caller: CallerRules = .init(),
        calls: CallSettings = CallSettings(), followsRedirections: Bool = false,
        maintenance: [Octets] = []
    ) {
        self.name = name
        self.carrier = carrier
        self.server = server
        self.domain = domain
        self.registration = registration
        self.outboundProxy = outboundProxy
        self.sources = sources
        self.matchesServers = matchesServers
        self.channels = channels
        self.callsPerSecond = callsPerSecond
        self.probeInterval = probeInterval
        self.healthLimits = healthLimits
        self.progressTimeout = progressTimeout
        self.noAnswerTimeout = noAnswerTimeout
        self.failoverCodes = failoverCodes
        self.fullAnswers = fullAnswers
        self.number = number
        self.caller = caller
        self.calls = calls
        self.followsRedirections = followsRedirections
        self.maintenance = maintenance
    }
}

/// How many channels may be in use at once.
public struct ChannelLimits: Hashable, Sendable {
    /// Both directions together.
    public var total: UInt32
    public var inbound: UInt32?
    public var outbound: UInt32?
    /// Of `total`, and of `outbound`: the last ones, which only emergency calls get.
    public var emergencyReserve: UInt32
    /// The share of `total`, in percent, at which a near-cap fact is recorded.
    public var nearCapPercent: UInt32?

    public init(
        total: UInt32, inbound: UInt32? = nil, outbound: UInt32? = nil,
        emergencyReserve: UInt32 = 0, nearCapPercent: UInt32? = nil
    ) {
        self.total = total
        self.inbound = inbound
        self.outbound = outbound
        self.emergencyReserve = emergencyReserve
        self.nearCapPercent = nearCapPercent
    }
}

/// New calls a second that a trunk takes, and how long a call may wait for its turn.
public struct CallRateLimit: Hashable, Sendable {
    public var callsPerSecond: UInt32
    public var waitLimit: Nanoseconds

    public init(callsPerSecond: UInt32, waitLimit: Nanoseconds = .zero) {
        self.callsPerSecond = callsPerSecond
        self.waitLimit = waitLimit
    }
}

/// A registration string, taken apart.
public struct RegistrationConfiguration: Hashable, Sendable {
    /// The user part of the address of record.
    public var user: Octets
    public var credentials: Credentials
    /// The user parts that the carrier shall call us by, each a Contact; none: that of the address
    /// of record.
    public var contacts: [Octets]
    /// The lifetime that we ask for.
    public var expires: Nanoseconds
    /// Where else to register when the first registrar does not answer, in this order.
    public var backups: [SIPServer]

    public init(
        user: Octets, credentials: Credentials, contacts: [Octets] = [],
        expires: Nanoseconds = .seconds(3600), backups: [SIPServer] = []
    ) {
        self.user = user
        self.credentials = credentials
        self.contacts = contacts
        self.expires = expires
        self.backups = backups
    }

    var contactUsers: [Octets] { contacts.isEmpty ? [user] : contacts }

    /// Whom calls of this registration may be for.
    public var calledUsers: [Octets] { [user] + contacts.filter { $0 != user } }

    /// Whether a call is for this registration, by the users that it names.
    func isCalled(by users: [Bytes]) -> Bool {
        users.contains { called in
            called.elementsEqual(user.bytes)
                || contacts.contains { called.elementsEqual($0.bytes) }
        }
    }
}

/// A proxy that all requests outside of dialogs go through first.
public struct OutboundProxy: Hashable, Sendable {
    public var server: SIPServer
    /// `host[:port]`, as configured.
    public var hostPort: Octets

    public init(server: SIPServer, hostPort: Octets) {
        self.server = server
        self.hostPort = hostPort
    }

    /// Its Route value: a loose router.
    var route: [UInt8] {
        Array("<sip:".utf8) + hostPort.bytes
            + Array("\(server.uriParameter);lr>".utf8)
    }
}
