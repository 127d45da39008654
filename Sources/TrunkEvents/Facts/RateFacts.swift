// Facts about prices.

/// A carrier's rate deck is in force from here on for calls from `effectiveFrom`. The deck itself
/// lies beside the log under its digest.
public struct RateDeckLoaded: Fact {
    public static let kind = FactKind.rateDeckLoaded
    public static let version: UInt8 = 1

    public var carrier: CarrierName
    public var direction: CallDirection
    /// Three letters, as ISO 4217 has them.
    public var currency: ShortName
    public var effectiveFrom: WallInstant
    /// The first interval and the increment of rows that name none.
    public var firstSeconds: UInt32
    public var stepSeconds: UInt32
    /// How milliseconds of talk become seconds.
    public var secondsRounding: RoundingRule
    /// How an amount becomes `decimals` places.
    public var amountRounding: RoundingRule
    public var decimals: UInt16
    /// How far the deck's clock is ahead of UTC, in seconds.
    public var zoneSeconds: Int64
    /// The peak hours on that clock; empty where the deck has one price all day.
    public var peak: Octets
    public var rateCount: UInt32
    public var fileName: Octets
    public var sha256: Octets
    /// The table of area codes that says which calls stay within a state; empty without one.
    public var statesSHA256: Octets

    public init(
        carrier: CarrierName, direction: CallDirection, currency: ShortName,
        effectiveFrom: WallInstant, firstSeconds: UInt32, stepSeconds: UInt32,
        secondsRounding: RoundingRule, amountRounding: RoundingRule, decimals: UInt16,
        zoneSeconds: Int64, peak: Octets, rateCount: UInt32, fileName: Octets, sha256: Octets,
        statesSHA256: Octets
    ) {
        self.carrier = carrier
        self.direction = direction
        self.currency = currency
        self.effectiveFrom = effectiveFrom
        self.firstSeconds = firstSeconds
        self.stepSeconds = stepSeconds
        self.secondsRounding = secondsRounding
        self.amountRounding = amountRounding
        self.decimals = decimals
        self.zoneSeconds = zoneSeconds
        self.peak = peak
        self.rateCount = rateCount
        self.fileName = fileName
        self.sha256 = sha256
        self.statesSHA256 = statesSHA256
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        carrier = try decoder.read()
        direction = try decoder.read()
        currency = try decoder.read()
        effectiveFrom = try decoder.read()
        firstSeconds = try decoder.read()
        stepSeconds = try decoder.read()
        secondsRounding = try decoder.read()
        amountRounding = try decoder.read()
        decimals = try decoder.read()
        zoneSeconds = try decoder.read()
        peak = try decoder.read()
        rateCount = try decoder.read()
        fileName = try decoder.read()
        sha256 = try decoder.read()
        statesSHA256 = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("carrier", carrier)
        visitor.field("direction", direction)
        visitor.field("currency", currency)
        visitor.field("effective_from", effectiveFrom)
        visitor.field("first_seconds", firstSeconds)
        visitor.field("step_seconds", stepSeconds)
        visitor.field("seconds_rounding", secondsRounding)
        visitor.field("amount_rounding", amountRounding)
        visitor.field("decimals", decimals)
        visitor.field("zone_seconds", zoneSeconds)
        visitor.field("peak", peak)
        visitor.field("rate_count", rateCount)
        visitor.field("file_name", fileName)
        visitor.field("sha256", sha256)
        visitor.field("states_sha256", statesSHA256)
    }

    public var stream: FactStream { .node }
}

/// What becomes of a remainder.
public enum RoundingRule: UInt8, FactChoice {
    case up = 1
    case down = 2
    /// Halves go up.
    case nearest = 3
    /// Halves go to the even neighbour.
    case even = 4

    public var description: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .nearest: "nearest"
        case .even: "even"
        }
    }
}
