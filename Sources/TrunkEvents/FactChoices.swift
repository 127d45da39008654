/// A closed set that is kept as one byte. Numbers keep their meaning for ever.
public protocol FactChoice: FactField, CaseIterable, RawRepresentable, CustomStringConvertible
where RawValue == UInt8 {}

extension FactChoice {
    public func encode(into encoder: inout FactEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let offset = decoder.offset
        guard let value = Self(rawValue: try decoder.integer()) else {
            throw .invalidField(offset: offset)
        }
        self = value
    }
    public var shown: FieldValue { .text(description) }
}

/// Why the agent stopped.
public enum StopReason: UInt8, FactChoice {
    /// SIGTERM or SIGINT.
    case terminated = 1
    /// It could not go on.
    case failed = 2

    public var description: String {
        switch self {
        case .terminated: "terminated"
        case .failed: "failed"
        }
    }
}

/// Why a request of a known source was dropped unanswered.
public enum DropCause: UInt8, FactChoice {
    /// More requests outside calls than the source may send.
    case rate = 1
    /// The source is banned.
    case ban = 2

    public var description: String {
        switch self {
        case .rate: "rate"
        case .ban: "ban"
        }
    }
}

/// How a carrier knows us.
public enum TrunkAuthentication: UInt8, FactChoice {
    /// By our IP address.
    case address = 1
    /// By a registration string.
    case registration = 2

    public var description: String {
        switch self {
        case .address: "address"
        case .registration: "registration"
        }
    }
}

/// Why a trunk counts as unreachable.
public enum ProbeFailure: UInt8, FactChoice {
    /// No answer within Timer F (RFC 3261 section 17.1.2.2).
    case timeout = 1
    /// A status that says the carrier takes no calls.
    case refused = 2
    /// The datagram could not be sent.
    case transport = 3
    /// No probe: one call after another failed without a sign of life.
    case calls = 4
    /// No probe: DNS names no host of it, or none that our listeners reach.
    case notLocated = 5
    /// No probe: the resolver cannot say where it is, and has not said so before.
    case resolver = 6

    public var description: String {
        switch self {
        case .timeout: "timeout"
        case .refused: "refused"
        case .transport: "transport"
        case .calls: "calls"
        case .notLocated: "not_located"
        case .resolver: "resolver"
        }
    }
}

/// Why a registration failed.
public enum RegistrationFailure: UInt8, FactChoice {
    /// No answer within Timer F.
    case timeout = 1
    /// A final answer other than 2xx.
    case rejected = 2
    /// Our answer to the challenge was challenged again.
    case credentials = 3
    /// The datagram could not be sent.
    case transport = 4

    public var description: String {
        switch self {
        case .timeout: "timeout"
        case .rejected: "rejected"
        case .credentials: "credentials"
        case .transport: "transport"
        }
    }
}

/// Seen from the dialer.
public enum CallDirection: UInt8, FactChoice {
    /// From the dialer to a carrier.
    case outbound = 1
    /// From a carrier to the dialer.
    case inbound = 2

    public var description: String {
        switch self {
        case .outbound: "outbound"
        case .inbound: "inbound"
        }
    }
}

/// The two sides of a call.
public enum CallParty: UInt8, FactChoice {
    /// The side that sent the first INVITE.
    case caller = 1
    /// The side that received ours.
    case called = 2

    public var other: CallParty { self == .caller ? .called : .caller }

    public var description: String {
        switch self {
        case .caller: "caller"
        case .called: "called"
        }
    }
}

/// The two legs of a call.
public enum CallLeg: UInt8, FactChoice {
    /// Between us and the carrier.
    case trunk = 1
    /// Between us and the dialer.
    case dialer = 2

    public var description: String {
        switch self {
        case .trunk: "trunk"
        case .dialer: "dialer"
        }
    }
}

/// Who ended a call.
public enum EndedBy: UInt8, FactChoice {
    /// The dialer's side.
    case local = 1
    /// The carrier's side.
    case remote = 2
    /// We did.
    case agent = 3

    public var description: String {
        switch self {
        case .local: "local"
        case .remote: "remote"
        case .agent: "agent"
        }
    }
}

/// How we know that a call ended.
public enum EndSource: UInt8, FactChoice {
    case bye = 1
    case cancel = 2
    case finalResponse = 3
    case timeout = 4
    case sessionTimer = 5
    case maxDuration = 6
    case probe = 7
    case admin = 8
    case recovery = 9

    public var description: String {
        switch self {
        case .bye: "bye"
        case .cancel: "cancel"
        case .finalResponse: "final_response"
        case .timeout: "timeout"
        case .sessionTimer: "session_timer"
        case .maxDuration: "max_duration"
        case .probe: "probe"
        case .admin: "admin"
        case .recovery: "recovery"
        }
    }
}

/// Why a trunk gave no channel.
public enum RefusalReason: UInt8, FactChoice {
    /// Both directions together are full.
    case cap = 1
    /// The inbound share is full.
    case capIn = 2
    /// The outbound share is full.
    case capOut = 3
    /// Too many new calls a second.
    case cps = 4
    /// Probes or calls fail.
    case unreachable = 5
    /// No registration is in force.
    case unregistered = 6
    /// A planned window.
    case maintenance = 7
    /// Only the channels that are kept for emergency calls are left.
    case reserved = 8
    /// The carrier asked for a pause (Retry-After, RFC 3261 section 21.5.4).
    case resting = 9
    /// DNS has not said yet where it is, or says that it is nowhere.
    case notLocated = 10

    public var description: String {
        switch self {
        case .cap: "cap"
        case .capIn: "cap_in"
        case .capOut: "cap_out"
        case .cps: "cps"
        case .unreachable: "unreachable"
        case .unregistered: "unregistered"
        case .maintenance: "maintenance"
        case .reserved: "reserved"
        case .resting: "resting"
        case .notLocated: "not_located"
        }
    }
}

/// Why an attempt got no 2xx.
public enum AttemptFailure: UInt8, FactChoice {
    /// A final answer other than 2xx.
    case rejected = 1
    /// No final answer in time.
    case timeout = 2
    /// The caller gave up.
    case cancelled = 3
    /// The datagram could not be sent.
    case transport = 4
    /// The answer could not be used.
    case malformed = 5
    /// A crash cut it short.
    case recovery = 6
    /// A final answer by which this carrier says that it has no channel left.
    case carrierFull = 7

    public var description: String {
        switch self {
        case .rejected: "rejected"
        case .timeout: "timeout"
        case .cancelled: "cancelled"
        case .transport: "transport"
        case .malformed: "malformed"
        case .recovery: "recovery"
        case .carrierFull: "carrier_full"
        }
    }
}
