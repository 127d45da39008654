public import TrunkEvents

/// What is known about one trunk, and the state that follows from it.
///
/// - A trunk that registers is up while registered, unless the last probe failed; down once the
///   registration failed or expired; unknown before the registrar's first answer.
/// - A trunk by address is what its last probe said; unknown before the first.
/// - Without probes, its last call says: up after any answer or progress, down after neither.
/// - A trunk of which DNS names no host is down until it names one; while the resolver cannot say,
///   nothing is known of it but what it showed before.
///
/// While the agent is stopped, or dead, every trunk is unknown.
public struct TrunkEvidence: Hashable, Sendable {
    public let carrier: CarrierName
    public let authentication: TrunkAuthentication
    public let isProbed: Bool
    /// What the registrar said last.
    public internal(set) var registration: UptimeCause?
    /// What the last probe, or without probes the last call, said.
    public internal(set) var reachability: UptimeCause?
    /// Until then the whole trunk has asked for no new calls (Retry-After): it is up, and rests.
    public internal(set) var restsUntil: WallInstant?
    /// Set while the agent is not there to see.
    var absence: UptimeCause?
    /// Attempts under way on a trunk without probes: `true` once there was progress.
    var attempts: [ChannelID: Bool] = [:]

    init(_ fact: TrunkConfigured) {
        carrier = fact.carrier
        authentication = fact.authentication
        isProbed = fact.isProbed
    }

    /// Calls are evidence only where nothing else is.
    var learnsFromCalls: Bool { authentication == .address && !isProbed }

    /// Whether the same evidence counts under the new settings.
    func counts(under fact: TrunkConfigured) -> Bool {
        carrier == fact.carrier && authentication == fact.authentication
            && isProbed == fact.isProbed
    }

    public var cause: UptimeCause {
        if let absence { return absence }
        switch authentication {
        case .registration:
            guard let registration else { return absentLocation ?? UptimeCause(.noEvidence) }
            guard registration.state == .up, let reachability else { return registration }
            return reachability.state == .down ? reachability : registration
        case .address:
            return reachability ?? UptimeCause(.noEvidence)
        }
    }

    private var absentLocation: UptimeCause? {
        reachability.flatMap { $0.isOfLocation ? $0 : nil }
    }

    /// DNS names hosts of it.
    mutating func locate() {
        if absentLocation != nil { reachability = nil }
    }

    mutating func rest(from now: WallInstant, for seconds: UInt32) {
        restsUntil = now.advanced(by: .seconds(Int64(seconds)))
    }

    /// What was known before the agent was away counts no longer. A pause lasts.
    mutating func forget(because cause: UptimeCause) {
        registration = nil
        reachability = nil
        absence = cause
        attempts = [:]
    }
}

extension TrunkEvidence {
    mutating func begin(_ fact: ChannelSeized) {
        guard learnsFromCalls else { return }
        switch fact.direction {
        case .outbound:
            attempts[ChannelID(call: fact.call, attempt: fact.attempt)] = false
        case .inbound:
            // Its INVITE came from the carrier.
            reachability = UptimeCause(.callProgressed)
        }
    }

    mutating func progress(_ channel: ChannelID, code: StatusCode) {
        guard attempts[channel] != nil else { return }
        attempts[channel] = true
        reachability = UptimeCause(.callProgressed, code: code)
    }

    mutating func fail(_ fact: AttemptFailed) {
        let channel = ChannelID(call: fact.call, attempt: fact.attempt)
        guard let progressed = attempts.removeValue(forKey: channel) else { return }
        switch fact.cause {
        case .rejected, .malformed, .carrierFull:
            reachability = UptimeCause(.callProgressed, code: fact.code)
        case .timeout:
            if !progressed { reachability = UptimeCause(.callTimeout) }
        case .transport:
            reachability = UptimeCause(.callTransport)
        case .cancelled, .recovery:
            break
        }
    }
}

extension TrunkEvidence: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(carrier)
        encoder.write(authentication)
        encoder.write(isProbed)
        encoder.write(registration)
        encoder.write(reachability)
        encoder.write(restsUntil)
        encoder.write(absence)
        encoder.write(attempts)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        carrier = try decoder.read()
        authentication = try decoder.read()
        isProbed = try decoder.read()
        registration = try decoder.read()
        reachability = try decoder.read()
        restsUntil = try decoder.read()
        absence = try decoder.read()
        attempts = try decoder.read()
    }
}
