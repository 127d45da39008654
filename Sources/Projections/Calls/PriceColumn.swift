import Ledger
import TrunkEvents

/// The columns that a call record has besides, where its price is known.
public enum PriceColumn: String, CaseIterable, Hashable, Sendable {
    case ratedSeconds = "rated_s"
    /// A minute's price.
    case rate
    case amount, currency
    case deck = "deck_sha256"
}

extension RatedCDR {
    public subscript(column: CDRColumn) -> CDRValue {
        if column == .supersedes, let supersedes { return .integer(Int64(supersedes)) }
        return row[column]
    }

    /// Nothing where the call has no price.
    public subscript(column: PriceColumn) -> CDRValue {
        guard let rating else { return .none }
        return switch column {
        case .ratedSeconds: .integer(rating.billedSeconds)
        case .rate: .text(rating.rate.description)
        case .amount: .text(rating.amount.description)
        case .currency: .text(rating.currency.description)
        case .deck: .text(rating.deck.description)
        }
    }
}
