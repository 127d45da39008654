/// Two parties of a call; a caller that is hidden has no digits.
struct NumberPair: Hashable, Comparable, Sendable {
    var called: PhoneDigits
    var calling: PhoneDigits

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.called.packed != rhs.called.packed
            ? lhs.called.packed < rhs.called.packed
            : lhs.calling.packed < rhs.calling.packed
    }

    /// Of every pair with this number called; the same in every run.
    func partition(of count: Int) -> Int {
        guard count > 1 else { return 0 }
        // Fibonacci hashing: neighbouring numbers go to different partitions.
        return Int((called.packed &* 0x9E37_79B9_7F4A_7C15) >> 33) % count
    }
}

/// One call as the carrier bills it. Small: a million of them are held at once.
struct InvoiceLine: Sendable {
    /// In the file, from 1.
    var number: UInt32
    /// Places of the amount as it is written.
    var amountDecimals: UInt8
    /// Whether the stamp is of a whole minute.
    var isWholeMinute: Bool
    var pair: NumberPair
    /// Milliseconds since 1970 on the carrier's clock, less the zone where the text names one.
    var stamp: Int64
    var seconds: Int64
    var amount: Money?
    /// A minute.
    var rate: Money?

    /// Attempts that cost nothing are in some carriers' files.
    var isBilled: Bool { seconds > 0 || (amount.map { $0 != .zero } ?? false) }

    /// Of the carrier's clock.
    var day: Int64 { CivilDay.number(ofMilliseconds: stamp) }
}

enum CivilDay {
    static let milliseconds: Int64 = 86_400_000

    /// Days since 1970.
    static func number(ofMilliseconds stamp: Int64) -> Int64 {
        stamp >= 0 ? stamp / milliseconds : -((milliseconds - 1 - stamp) / milliseconds)
    }

    /// `2026-11-22`.
    static func text(_ day: Int64) -> String {
        let date = CivilDate(daysSince1970: day)
        let two = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
        return "\(date.year)-\(two(date.month))-\(two(date.day))"
    }
}
