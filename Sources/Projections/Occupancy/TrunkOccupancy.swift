public import TrunkEvents

/// The channels in use, per trunk.
///
/// A set, never a counter: a seizure told twice, or a release of what is not held, changes
/// nothing. A crash releases nothing either: the carrier still counts those channels until their
/// `channelReleased` says that the leg has really ended.
public struct TrunkOccupancy: Projection {
    public static let name = "trunk-occupancy"
    public static let version: UInt32 = 1
    public static let kinds: FactKinds? = [
        .trunkConfigured, .trunkRemoved, .channelRefused, .channelSeized, .channelReleased,
    ]

    public private(set) var trunks = TrunkLoads()

    public init() {}

    public mutating func apply(_ entry: LogEntry, finished rows: inout [NoRow]) {
        switch entry.event {
        case .trunkConfigured(let fact):
            trunks.changeOrMake(fact.trunk) { $0.configure(fact) }
        case .trunkRemoved(let fact):
            trunks.change(fact.trunk) { $0.isConfigured = false }
        case .channelRefused(let fact):
            trunks.changeOrMake(fact.trunk) { $0.refused[fact.reason, default: 0] += 1 }
        case .channelSeized(let fact):
            trunks.changeOrMake(fact.trunk) { $0.seize(fact, at: entry.wall) }
        case .channelReleased(let fact):
            let channel = ChannelID(call: fact.call, attempt: fact.attempt)
            trunks.change(fact.trunk) { $0.held[channel] = nil }
        case .agentStarted, .agentStopped, .heartbeat, .clockStepped, .strangersDropped,
            .requestsDropped, .sourceBanned,
            .trunkNearCap, .trunkBelowCap, .trunkReachable, .trunkUnreachable,
            .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .callStarted, .routeChosen, .callAnswered, .callModified,
            .callEnded, .callRecovered, .attemptSent, .attemptProgressed, .attemptAnswered,
            .attemptFailed, .exportClosed,
            .exportDelivered, .exportFailed,
            .callContinued, .callInterim, .sequencesReserved, .modificationSent,
            .modificationFailed, .rateDeckLoaded, .invoiceLoaded:
            break
        }
    }

    /// Every trunk that is configured or still holds a channel, by name.
    public func readings(at instant: WallInstant) -> [OccupancyReading] {
        zip(trunks.keys, trunks.values)
            .filter { $0.1.isConfigured || !$0.1.held.isEmpty }
            .map { OccupancyReading(trunk: $0.0, load: $0.1, at: instant) }
            .sorted { $0.trunk.precedes($1.trunk) }
    }
}

/// How full a trunk was at an instant.
public struct OccupancyReading: Hashable, Sendable {
    public let trunk: TrunkName
    public let carrier: CarrierName?
    public let inUse: UInt32
    /// How many of those hold inbound calls.
    public let inbound: UInt32
    public let cap: UInt32
    /// The most in use at once up to then.
    public let peak: UInt32
    public let at: WallInstant

    public init(
        trunk: TrunkName, carrier: CarrierName?, inUse: UInt32, inbound: UInt32 = 0, cap: UInt32,
        peak: UInt32, at: WallInstant
    ) {
        self.trunk = trunk
        self.carrier = carrier
        self.inUse = inUse
        self.inbound = inbound
        self.cap = cap
        self.peak = peak
        self.at = at
    }

    init(trunk: TrunkName, load: TrunkLoad, at instant: WallInstant) {
        self.init(
            trunk: trunk, carrier: load.carrier, inUse: load.inUse, inbound: load.inbound,
            cap: load.cap, peak: load.peak, at: instant)
    }

    public var outbound: UInt32 { inUse - inbound }
}

extension TrunkLoad {
    fileprivate mutating func configure(_ fact: TrunkConfigured) {
        carrier = fact.carrier
        cap = fact.channels
        isConfigured = true
    }

    fileprivate mutating func seize(_ fact: ChannelSeized, at instant: WallInstant) {
        let channel = ChannelID(call: fact.call, attempt: fact.attempt)
        guard held[channel] == nil else { return }
        held[channel] = HeldChannel(direction: fact.direction, seizedAt: instant)
        seizures += 1
        if inUse > peak {
            peak = inUse
            peakAt = instant
        }
    }
}

extension TrunkName {
    /// The order of names in every listing: by their bytes.
    public func precedes(_ other: TrunkName) -> Bool {
        name.bytes.lexicographicallyPrecedes(other.name.bytes)
    }
}

extension CarrierName {
    /// The order of names in every listing: by their bytes.
    public func precedes(_ other: CarrierName) -> Bool {
        name.bytes.lexicographicallyPrecedes(other.name.bytes)
    }
}

extension TrunkOccupancy: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.write(trunks) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        trunks = try decoder.read()
    }
}
