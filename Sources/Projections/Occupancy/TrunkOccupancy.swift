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
        case .trunkConfigured(let fact): configure(fact)
        case .trunkRemoved(let fact): remove(fact.trunk)
        case .channelRefused(let fact): refuse(fact)
        case .channelSeized(let fact): seize(fact, at: entry.wall)
        case .channelReleased(let fact):
            release(AttemptPlace(call: fact.call, trunk: fact.trunk, attempt: fact.attempt))
        case .agentStarted, .agentStopped, .heartbeat, .clockStepped, .strangersDropped,
            .requestsDropped, .sourceBanned, .trunkNearCap, .trunkBelowCap, .trunkReachable,
            .trunkUnreachable, .trunkLocated, .trunkResting,
            .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .callStarted, .routeChosen, .callAnswered, .callModified,
            .callEnded, .callRecovered, .attemptSent, .attemptProgressed, .attemptAnswered,
            .attemptFailed, .exportClosed, .exportDelivered, .exportFailed, .callContinued,
            .callInterim, .sequencesReserved, .modificationSent, .modificationFailed,
            .sessionTimerChanged, .transferBegun,
            .callTransferred, .rateDeckLoaded, .invoiceLoaded:
            break
        }
    }

    private mutating func configure(_ fact: TrunkConfigured) {
        trunks.changeOrMake(fact.trunk) { $0.configure(fact) }
    }

    private mutating func remove(_ trunk: TrunkName) {
        trunks.change(trunk) { $0.isConfigured = false }
    }

    private mutating func refuse(_ fact: ChannelRefused) {
        trunks.changeOrMake(fact.trunk) { $0.refused[fact.reason, default: 0] += 1 }
    }

    private mutating func seize(_ fact: ChannelSeized, at instant: WallInstant) {
        trunks.changeOrMake(fact.trunk) { $0.seize(fact, at: instant) }
    }

    private mutating func release(_ place: AttemptPlace) {
        let channel = ChannelID(call: place.call, attempt: place.attempt)
        trunks.change(place.trunk) { load in
            if let held = load.held.place(of: channel) { load.held.remove(at: held) }
        }
    }

    public mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [NoRow]
    ) throws(ProjectionFault) {
        do throws(FactDecodingError) {
            try read(fact, at: stamp)
        } catch {
            throw ProjectionFault(unreadable: error, at: stamp.position)
        }
    }

    /// The same from the fact where it lies.
    mutating func read(
        _ fact: borrowing FactView, at stamp: Stamp
    ) throws(FactDecodingError) {
        switch fact.kind {
        case .trunkConfigured: configure(try fact.trunkConfigured())
        case .trunkRemoved: remove(try fact.trunkRemoved().trunk)
        case .channelRefused: refuse(try fact.channelRefused())
        case .channelSeized: seize(try fact.channelSeized(), at: stamp.wall)
        case .channelReleased: release(try fact.attempt())
        default: break
        }
    }

    /// Every trunk that is configured or still holds a channel, by name.
    public func readings(at instant: WallInstant) -> [OccupancyReading] {
        zip(trunks.keys, trunks.values)
            .filter { $0.1.isConfigured || $0.1.inUse > 0 }
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
        guard held.place(of: channel) == nil else { return }
        held.append(channel, HeldChannel(direction: fact.direction, seizedAt: instant))
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
