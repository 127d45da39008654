public import TrunkEvents

/// Whether a trunk or a carrier could carry calls.
public enum UptimeState: UInt8, StateChoice, Hashable, Sendable, CaseIterable {
    case up = 1
    case down = 2
    /// We were not there to see, or had no means to tell.
    case unknown = 3
}

extension UptimeState: CustomStringConvertible {
    public var description: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .unknown: "unknown"
        }
    }
}

/// What put a trunk or a carrier into its state.
public struct UptimeCause: Hashable, Sendable {
    public enum Kind: UInt8, StateChoice, Hashable, Sendable {
        case registered = 1
        case probeAnswered = 2
        case callProgressed = 3
        case registrationTimeout = 16
        case registrationRejected = 17
        case registrationCredentials = 18
        case registrationTransport = 19
        case registrationExpired = 20
        case probeTimeout = 21
        case probeRefused = 22
        case probeTransport = 23
        case callTimeout = 24
        case callTransport = 25
        /// One call after another failed without a sign of life.
        case callsFailed = 26
        /// DNS names no host of it.
        case notLocated = 27
        /// Nothing was heard of it yet.
        case noEvidence = 32
        case agentStopped = 33
        /// No sign of life from the agent: a crash, a power cut.
        case agentSilent = 34
        /// We removed our binding ourselves.
        case registrationRemoved = 35
        /// The resolver could not say where it is: that is no fault of the carrier's.
        case resolverFailed = 36
    }

    public let kind: Kind
    /// The status that told.
    public let code: StatusCode?

    public init(_ kind: Kind, code: StatusCode? = nil) {
        self.kind = kind
        self.code = code
    }

    /// It tells where the trunk is, and nothing of how it does there.
    var isOfLocation: Bool { kind == .notLocated || kind == .resolverFailed }

    public var state: UptimeState {
        switch kind {
        case .registered, .probeAnswered, .callProgressed: .up
        case .registrationTimeout, .registrationRejected, .registrationCredentials,
            .registrationTransport, .registrationExpired, .probeTimeout, .probeRefused,
            .probeTransport, .callTimeout, .callTransport, .callsFailed, .notLocated:
            .down
        case .noEvidence, .agentStopped, .agentSilent, .registrationRemoved, .resolverFailed:
            .unknown
        }
    }
}

extension UptimeCause: CustomStringConvertible {
    public var description: String {
        let words =
            switch kind {
            case .registered: "registered"
            case .probeAnswered: "probe answered"
            case .callProgressed: "call progressed"
            case .registrationTimeout: "registration timed out"
            case .registrationRejected: "registration rejected"
            case .registrationCredentials: "registration credentials refused"
            case .registrationTransport: "registration could not be sent"
            case .registrationExpired: "registration expired"
            case .probeTimeout: "probe timed out"
            case .probeRefused: "probe refused"
            case .probeTransport: "probe could not be sent"
            case .callTimeout: "call timed out without progress"
            case .callTransport: "call could not be sent"
            case .callsFailed: "calls failed one after another"
            case .notLocated: "DNS names no host"
            case .noEvidence: "no evidence yet"
            case .agentStopped: "agent stopped"
            case .agentSilent: "agent gave no sign of life"
            case .registrationRemoved: "registration removed by us"
            case .resolverFailed: "DNS does not answer"
            }
        return code.map { "\(words) (\($0.rawValue))" } ?? words
    }
}

extension UptimeCause {
    init(_ fact: RegistrationFailed) {
        let kind: Kind =
            switch fact.cause {
            case .timeout: .registrationTimeout
            case .rejected: .registrationRejected
            case .credentials: .registrationCredentials
            case .transport: .registrationTransport
            }
        self.init(kind, code: fact.code)
    }

    init(_ fact: TrunkUnreachable) {
        let kind: Kind =
            switch fact.cause {
            case .timeout: .probeTimeout
            case .refused: .probeRefused
            case .transport: .probeTransport
            case .calls: .callsFailed
            case .notLocated: .notLocated
            case .resolver: .resolverFailed
            }
        self.init(kind, code: fact.code)
    }
}

extension UptimeCause: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(kind)
        encoder.write(code)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        kind = try decoder.read()
        code = try decoder.read()
    }
}
