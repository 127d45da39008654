import Ledger
import TrunkEvents

/// One attempt of ours, as small as the comparison allows. Instants and lengths are milliseconds.
struct OwnCall: Sendable {
    /// What the deck says of it.
    struct Price: Sendable {
        var rate: Money
        var amount: Money
        var billedSeconds: Int64
        var interval: BillingInterval
    }

    var pair: NumberPair
    var position: Position
    /// Index of the node's name.
    var node: UInt16
    var isAnswered: Bool
    var seizedAt: Int64
    /// The seizure's where nobody answered.
    var answeredAt: Int64
    var endedAt: Int64
    var talk: Int64
    /// How much longer the talk may have been.
    var uncertainty: Int64
    var price: Price?

    /// `nil` where what was dialled is no number.
    init?(_ row: CDRRow, rating: Rating?, plan: NumberPlan, node: UInt16) {
        guard let called = plan.digits(Array(row.calledNumber.utf8)[...], isCalled: false) else {
            return nil
        }
        let calling = plan.digits(Array(row.callingNumber.utf8)[...], isCalled: false)
        pair = NumberPair(called: called, calling: calling ?? .none)
        position = row.seizedPosition
        self.node = node
        isAnswered = row.disposition == .answered
        seizedAt = row.seizedAt.nanoseconds / 1_000_000
        answeredAt = (row.answeredAt ?? row.seizedAt).nanoseconds / 1_000_000
        endedAt = row.endedAt.nanoseconds / 1_000_000
        talk = row.talkMilliseconds
        uncertainty = row.endUncertaintyMilliseconds
        price = rating.map {
            Price(
                rate: $0.rate, amount: $0.amount, billedSeconds: $0.billedSeconds,
                interval: $0.interval)
        }
    }

    func moment(_ basis: TimeBasis) -> Int64 {
        switch basis {
        case .answer: answeredAt
        case .seizure: seizedAt
        case .end: endedAt
        }
    }
}

/// Which moment of a call the stamps of an invoice speak of.
public enum TimeBasis: String, Hashable, Sendable, CaseIterable {
    case answer, seizure, end
}
