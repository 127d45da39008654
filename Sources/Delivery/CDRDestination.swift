public import Ledger
public import Projections

/// A place that batches of CDRs are delivered to, in their order.
public protocol CDRDestination {
    /// The last batch that the destination itself says it holds; `nil` where it cannot say, so that
    /// the log's own record counts.
    mutating func lastDelivered(of ledger: LedgerID) throws(DeliveryError) -> DeliveryMark?

    /// Returns when the destination holds the batch for good. A batch that it holds already is
    /// left as it is.
    mutating func deliver(
        _ batch: ClosedBatch, of source: BatchSource
    ) throws(DeliveryError)
}

/// What a destination has got.
public enum DeliveryMark: Hashable, Sendable {
    case nothing
    /// Every batch up to this one. Its digest tells it from another batch of the same number, as a
    /// ledger restored from an old backup makes one.
    case batch(sequence: UInt64, sha256: String)

    public var sequence: UInt64 {
        switch self {
        case .nothing: 0
        case .batch(let sequence, _): sequence
        }
    }
}
