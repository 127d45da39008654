public import TrunkEvents

/// What a deck's prices mean: whose they are, and how they are applied.
public struct RateDeckTerms: Hashable, Sendable {
    public var carrier: CarrierName
    public var direction: CallDirection
    public var currency: ShortName
    /// Calls from here on are rated by this deck and no longer by the ones loaded before.
    public var effectiveFrom: WallInstant
    /// Of rows that name none.
    public var interval: BillingInterval
    public var secondsRounding: RoundingRule
    public var amountRounding: RoundingRule
    /// Places of an amount, 0 to 8.
    public var decimals: Int
    /// How far the deck's clock is ahead of UTC.
    public var zoneSeconds: Int64
    public var peak: PeakHours?

    public init(
        carrier: CarrierName, direction: CallDirection = .outbound, currency: ShortName,
        effectiveFrom: WallInstant, interval: BillingInterval = .perMinute,
        secondsRounding: RoundingRule = .up, amountRounding: RoundingRule = .nearest,
        decimals: Int = 4, zoneSeconds: Int64 = 0, peak: PeakHours? = nil
    ) {
        precondition((0...Money.decimals).contains(decimals), "an amount has 0 to 8 places")
        self.carrier = carrier
        self.direction = direction
        self.currency = currency
        self.effectiveFrom = effectiveFrom
        self.interval = interval
        self.secondsRounding = secondsRounding
        self.amountRounding = amountRounding
        self.decimals = decimals
        self.zoneSeconds = zoneSeconds
        self.peak = peak
    }

    /// `nil` where the fact was not made from terms.
    public init?(_ fact: RateDeckLoaded) {
        let interval = BillingInterval(first: fact.firstSeconds, step: fact.stepSeconds)
        guard let interval, fact.decimals <= UInt16(Money.decimals) else { return nil }
        let peak = fact.peak.isEmpty ? nil : PeakHours(fact.peak.description)
        guard fact.peak.isEmpty || peak != nil else { return nil }
        self.init(
            carrier: fact.carrier, direction: fact.direction, currency: fact.currency,
            effectiveFrom: fact.effectiveFrom, interval: interval,
            secondsRounding: fact.secondsRounding, amountRounding: fact.amountRounding,
            decimals: Int(fact.decimals), zoneSeconds: fact.zoneSeconds, peak: peak)
    }
}

extension RateDeckLoaded {
    /// The fact that puts a deck in force.
    public init(
        _ terms: RateDeckTerms, rateCount: Int, fileName: String, sha256: Digest,
        statesSHA256: Digest? = nil
    ) {
        self.init(
            carrier: terms.carrier, direction: terms.direction, currency: terms.currency,
            effectiveFrom: terms.effectiveFrom, firstSeconds: terms.interval.first,
            stepSeconds: terms.interval.step, secondsRounding: terms.secondsRounding,
            amountRounding: terms.amountRounding, decimals: UInt16(terms.decimals),
            zoneSeconds: terms.zoneSeconds, peak: Octets(terms.peak?.text ?? ""),
            rateCount: UInt32(rateCount), fileName: Octets(fileName),
            sha256: Octets(sha256.bytes), statesSHA256: Octets(statesSHA256?.bytes ?? []))
    }
}
