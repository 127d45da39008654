public import TrunkEvents

/// An invoice against our calls: the sums, and the gravest findings of each class.
public struct ReconciliationReport: Hashable, Sendable {
    public struct Total: Hashable, Sendable {
        public var count = 0
        public var billedSeconds: Int64 = 0
        public var expectedSeconds: Int64 = 0
        public var amount = Money.zero
        /// Charged too much, less what is charged too little.
        public var stake = Money.zero
    }

    public struct Day: Hashable, Sendable {
        public var lineCount = 0
        public var findingCount = 0
        public var stake = Money.zero
    }

    /// How the seconds billed differ from the talk, for a plot.
    public struct DifferenceBar: Hashable, Sendable {
        public var label: String
        public var count = 0
    }

    /// So many findings of a class are kept, those with most at stake.
    public static let samplesMax = 20

    public var fileName: String
    public var sha256: Digest
    public var template: String
    public var carrier: CarrierName?
    public var direction: CallDirection
    public var currency: ShortName?
    public var summary: InvoiceSummary
    /// Lines that bill nothing: attempts.
    public var unbilledCount = 0
    public var from: WallInstant
    public var to: WallInstant
    /// Our answered calls in that time.
    public var ownCallCount = 0
    public var basis: TimeBasis
    public var isWholeMinute: Bool
    /// Only the called number was compared: the carrier's callers are others.
    public var isByCalledOnly: Bool
    public var clocks: [ClockRun]
    /// How far the clock was ahead on each day of the carrier's calendar, without its zone.
    public var dayClocks: [Int64: Int64]
    public var inferred: InferredInterval?
    /// The increment of most of the calls' decks.
    public var contract: BillingInterval?
    public private(set) var totals: [Finding.Kind: Total] = [:]
    public private(set) var days: [Int64: Day] = [:]
    public private(set) var samples: [Finding.Kind: [Finding]] = [:]
    public private(set) var differences = DurationBars.empty

    public func total(_ kind: Finding.Kind) -> Total { totals[kind] ?? Total() }

    /// Whether there is anything to talk about with the carrier.
    public var hasFindings: Bool { totals.contains { $0.key != .exact && $0.value.count > 0 } }

    public var stake: Money {
        totals.values.reduce(into: Money.zero) { $0.addClamping($1.stake) }
    }

    /// What a partition has besides findings.
    mutating func count(_ partition: NumberPartition) {
        unbilledCount += partition.lines.reduce(0) { $0 + ($1.isBilled ? 0 : 1) }
        for call in partition.calls where call.isAnswered {
            let moment = WallInstant(nanoseconds: call.moment(basis) * 1_000_000)
            if moment >= from, moment <= to { ownCallCount += 1 }
        }
    }

    mutating func add(_ finding: Finding) {
        totals[finding.kind, default: Total()].add(finding)
        days[finding.day, default: Day()].add(finding)
        if finding.billedSeconds != nil, let talk = finding.talkMilliseconds,
            finding.kind != .unanswered
        {
            DurationBars.add(
                (finding.billedSeconds ?? 0) - (talk + 999) / 1_000, to: &differences)
        }
        if finding.kind != .exact { keep(finding) }
    }

    /// Sorted, most at stake first; among equals the earlier line.
    private mutating func keep(_ finding: Finding) {
        var kept = samples[finding.kind] ?? []
        if kept.count == Self.samplesMax, let last = kept.last,
            Self.rank(last) <= Self.rank(finding)
        {
            return
        }
        let place = kept.firstIndex { Self.rank(finding) < Self.rank($0) } ?? kept.count
        kept.insert(finding, at: place)
        if kept.count > Self.samplesMax { kept.removeLast() }
        samples[finding.kind] = kept
    }

    private static func rank(_ finding: Finding) -> (Int64, Int64, Int) {
        let seconds = (finding.billedSeconds ?? 0) - (finding.expectedSeconds ?? 0)
        return (-finding.stake.magnitude.units, -abs(seconds), finding.line ?? 0)
    }
}

extension ReconciliationReport.Total {
    mutating func add(_ finding: Finding) {
        count += 1
        billedSeconds += finding.billedSeconds ?? 0
        expectedSeconds += finding.expectedSeconds ?? 0
        amount.addClamping(finding.amount ?? .zero)
        stake.addClamping(finding.stake)
    }
}

extension ReconciliationReport.Day {
    mutating func add(_ finding: Finding) {
        if finding.line != nil { lineCount += 1 }
        if finding.kind != .exact { findingCount += 1 }
        stake.addClamping(finding.stake)
    }
}

extension Money {
    /// Sums of an absurd invoice stay at the end of what can be counted.
    fileprivate mutating func addClamping(_ other: Money) {
        self = Money(units: Int64(clamping: Int128(units) + Int128(other.units)))
    }
}

/// Seconds billed less seconds talked, in uneven steps.
enum DurationBars {
    private static let bounds: [(through: Int64, label: String)] = [
        (-61, "< -60"), (-11, "-60 to -11"), (-3, "-10 to -3"), (-1, "-2, -1"), (0, "0"),
        (2, "1, 2"), (10, "3 to 10"), (60, "11 to 60"), (299, "61 to 299"), (.max, "300 >"),
    ]

    static let empty = bounds.map { ReconciliationReport.DifferenceBar(label: $0.label) }

    static func add(_ seconds: Int64, to bars: inout [ReconciliationReport.DifferenceBar]) {
        let index = bounds.firstIndex { seconds <= $0.through } ?? bounds.count - 1
        bars[index].count += 1
    }
}
