public import Ledger
public import Projections
public import TrunkEvents

/// The closed batches of a ledger and their rows, which are read from the log's own CDRs: a batch
/// can be delivered whatever became of its file.
public final class BatchSource {
    public let ledger: LedgerID
    private let projections: LedgerProjections
    private let book: RatingBook

    /// - Parameter book: every deck that the log names.
    public init(_ projections: consuming LedgerProjections, _ book: RatingBook) {
        ledger = projections.head.ledger
        self.book = book
        self.projections = projections
    }

    public var head: LedgerHead { projections.head }
    public var node: ShortName? { projections.exports.node }

    /// What the log says about a destination.
    public func state(of destination: String) -> DeliveryState {
        projections.exports.deliveries[Octets(destination)] ?? DeliveryState()
    }

    public func batches(after sequence: UInt64) throws(DeliveryError) -> [ClosedBatch] {
        do {
            return try projections.closedBatches(after: sequence)
        } catch {
            throw .records(cause: "\(error)")
        }
    }

    /// Whether the batch's CDRs have prices.
    func isRated(_ batch: ClosedBatch) -> Bool {
        batch.positions.map { BatchRows($0, book).isRated } ?? false
    }

    /// Hands out the batch's CDRs in the order of its file.
    func forEachRow(
        of batch: ClosedBatch, _ body: (RatedCDR) throws(DeliveryError) -> Void
    ) throws(DeliveryError) {
        guard let positions = batch.positions else { return }
        do {
            try projections.forEachRecord(ofBatch: positions, book, body)
        } catch let error as DeliveryError {
            throw error
        } catch {
            throw .records(cause: "\(error)")
        }
    }

    /// Refuses a log that does not hold the batch which the destination holds: it was restored
    /// from an old backup, and its next batches would take the numbers of others.
    public func check(_ mark: DeliveryMark) throws(DeliveryError) {
        guard case .batch(let sequence, let sha256) = mark else { return }
        let ours = try batches(after: max(sequence, 1) - 1).first { $0.fact.sequence == sequence }
        guard ours?.sha256 != sha256 else { return }
        throw .refused(
            cause: "the destination holds a batch \(sequence) that this ledger does not; a ledger "
                + "restored from an old backup needs a destination of its own")
    }
}

extension ClosedBatch {
    /// As the manifest shows it.
    var sha256: String { Digest(exactly: fact.sha256.bytes)?.description ?? "" }
}
