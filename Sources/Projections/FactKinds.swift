import Ledger
public import TrunkEvents

/// A set of kinds of facts that can be asked for every event: a bit each, by their numbers.
public struct FactKinds: Hashable, Sendable, ExpressibleByArrayLiteral {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    public init(arrayLiteral kinds: FactKind...) {
        for kind in kinds { insert(kind) }
    }

    /// `nil` when one of them is of no fact that is known.
    init?(_ kinds: [EventKind]) {
        for kind in kinds {
            guard let fact = FactKind(rawValue: kind.rawValue) else { return nil }
            insert(fact)
        }
    }

    mutating func insert(_ kind: FactKind) {
        let number = UInt64(kind.rawValue)
        precondition(number < 128, "two words hold the numbers below 128")
        // Shifts look at the number's lowest six bits.
        if number < 64 { low |= 1 &<< number } else { high |= 1 &<< number }
    }

    public func contains(_ kind: FactKind) -> Bool {
        let number = UInt64(kind.rawValue)
        return (number < 64 ? low : high) &>> number & 1 == 1
    }

    func isDisjoint(with other: FactKinds) -> Bool {
        low & other.low == 0 && high & other.high == 0
    }

    func union(_ other: FactKinds) -> FactKinds {
        var both = self
        both.low |= other.low
        both.high |= other.high
        return both
    }

    /// In the order of their numbers.
    var all: [FactKind] { FactKind.allCases.filter(contains) }

    /// As the log knows them.
    var eventKinds: Set<EventKind> { Set(all.map { EventKind(rawValue: $0.rawValue) }) }
}
