/// Sums over the closed CDRs of a trunk.
public struct TrunkTotals: Hashable, Sendable {
    /// Attempts that got a channel and are over.
    public internal(set) var seizures: UInt64 = 0
    public internal(set) var answered: UInt64 = 0
    public internal(set) var talkMilliseconds: Int64 = 0
    public internal(set) var holdMilliseconds: Int64 = 0
    public internal(set) var dispositions: [Disposition: UInt64] = [:]

    public init() {}

    public mutating func add(_ row: CDRRow) {
        seizures += 1
        if row.disposition == .answered { answered += 1 }
        talkMilliseconds &+= row.talkMilliseconds
        holdMilliseconds &+= row.holdMilliseconds
        dispositions[row.disposition, default: 0] += 1
    }

    public static func + (lhs: Self, rhs: Self) -> Self {
        var sum = lhs
        sum.seizures += rhs.seizures
        sum.answered += rhs.answered
        sum.talkMilliseconds &+= rhs.talkMilliseconds
        sum.holdMilliseconds &+= rhs.holdMilliseconds
        sum.dispositions.merge(rhs.dispositions, uniquingKeysWith: +)
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
        dispositions = try decoder.read()
    }
}
