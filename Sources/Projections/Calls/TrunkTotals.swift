/// Sums over the closed CDRs of a trunk.
public struct TrunkTotals: Hashable, Sendable {
    /// Attempts that got a channel and are over.
    public internal(set) var seizures: UInt64 = 0
    public internal(set) var answered: UInt64 = 0
    public internal(set) var talkMilliseconds: Int64 = 0
    public internal(set) var holdMilliseconds: Int64 = 0
    /// By the numbers of the dispositions.
    private var counts = [UInt64](repeating: 0, count: Disposition.allCases.count + 1)

    public init() {}

    public var dispositions: [Disposition: UInt64] {
        let told = Disposition.allCases.filter { counts[Int($0.rawValue)] > 0 }
        return Dictionary(uniqueKeysWithValues: told.map { ($0, counts[Int($0.rawValue)]) })
    }

    public mutating func add(_ row: CDRRow) {
        add(row.disposition, talk: row.talkMilliseconds, hold: row.holdMilliseconds)
    }

    /// What there is to add of a row: handing out a row would copy its texts.
    mutating func add(_ disposition: Disposition, talk: Int64, hold: Int64) {
        seizures += 1
        if disposition == .answered { answered += 1 }
        talkMilliseconds &+= talk
        holdMilliseconds &+= hold
        counts[Int(disposition.rawValue)] += 1
    }

    public static func + (lhs: Self, rhs: Self) -> Self {
        var sum = lhs
        sum.seizures += rhs.seizures
        sum.answered += rhs.answered
        sum.talkMilliseconds &+= rhs.talkMilliseconds
        sum.holdMilliseconds &+= rhs.holdMilliseconds
        for index in sum.counts.indices { sum.counts[index] += rhs.counts[index] }
        return sum
    }

    /// ASR (ITU-T E.411): answered over seizures; `nil` without a seizure.
    public var answerSeizureRatio: Double? {
        seizures == 0 ? nil : Double(answered) / Double(seizures)
    }

    /// ACD: mean talk time of answered calls in milliseconds; `nil` without one.
    public var averageTalkMilliseconds: Int64? {
        answered == 0 ? nil : talkMilliseconds / Int64(answered)
    }
}

extension TrunkTotals: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(seizures)
        encoder.write(answered)
        encoder.write(talkMilliseconds)
        encoder.write(holdMilliseconds)
        encoder.write(dispositions)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        seizures = try decoder.read()
        answered = try decoder.read()
        talkMilliseconds = try decoder.read()
        holdMilliseconds = try decoder.read()
        let dispositions: [Disposition: UInt64] = try decoder.read()
        for (disposition, count) in dispositions { counts[Int(disposition.rawValue)] = count }
    }
}
