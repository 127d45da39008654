/// One row of a deck: the price of a prefix while it is in force.
public struct RateEntry: Hashable, Sendable {
    public var prefix: PhoneDigits
    public var prices: RatePrices
    /// Charged once for an answered call.
    public var connectionFee: Money = .zero
    public var interval: BillingInterval
    /// Nanoseconds since 1970; the end is not included.
    var from: Int64
    var to: Int64
    /// Where the row stands in its file.
    var place: CSVRecord.Place
}

/// The prices a minute of one row. What the deck does not have falls back to what it has.
public struct RatePrices: Hashable, Sendable {
    public var interstate: Money
    public var intrastate: Money?
    public var indeterminate: Money?
    /// Outside the peak hours.
    public var offPeak: Money?
    public var offPeakIntrastate: Money?
    public var offPeakIndeterminate: Money?

    public init(interstate: Money) { self.interstate = interstate }

    /// A price by jurisdiction goes before one by hour: decks that have both name them together.
    func price(_ jurisdiction: Jurisdiction, isPeak: Bool) -> Money {
        switch (jurisdiction, isPeak) {
        case (.interstate, true): interstate
        case (.interstate, false): offPeak ?? interstate
        case (.intrastate, true): intrastate ?? interstate
        case (.intrastate, false): offPeakIntrastate ?? intrastate ?? offPeak ?? interstate
        case (.indeterminate, true): indeterminate ?? interstate
        case (.indeterminate, false):
            offPeakIndeterminate ?? indeterminate ?? offPeak ?? interstate
        }
    }

    var hasJurisdictions: Bool {
        intrastate != nil || indeterminate != nil || offPeakIntrastate != nil
            || offPeakIndeterminate != nil
    }
}
