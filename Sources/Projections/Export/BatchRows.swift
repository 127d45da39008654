public import Ledger

/// The records of a range of the log, as a batch holds them: priced by the decks that were loaded
/// up to its end, and behind them what a deck of the range changed in records of earlier batches,
/// each as a new revision.
///
/// The same range has the same records whenever it is asked for: a deck that is loaded later
/// belongs to a later batch.
public struct BatchRows {
    private let range: ClosedRange<Position>
    private let before: RatingBook
    private let after: RatingBook

    /// - Parameter book: every deck that the log names.
    public init(_ range: ClosedRange<Position>, _ book: RatingBook) {
        self.range = range
        before = book.through(range.lowerBound.previous)
        after = book.through(range.upperBound)
    }

    /// Whether records have prices.
    public var isRated: Bool { !after.isEmpty }

    /// The CDRs that events of a range closed, handed out in their order.
    public typealias Source = (
        _ range: ClosedRange<Position>, _ take: (CDRRow) throws -> Void
    ) throws -> Void

    public func forEach(
        _ rows: @escaping Source, _ body: (RatedCDR) throws -> Void
    ) throws {
        try rows(range) { row in
            guard isRated else { return try body(RatedCDR(unrated: row)) }
            for revision in after.revisions(of: row) { try body(revision) }
        }
        guard range.lowerBound > .first, after.hasDecks(loadedIn: range) else { return }
        try rows(.first ... range.lowerBound.previous) { row in
            let told = before.newest(of: row).row.revision
            for revision in after.revisions(of: row) where revision.row.revision > told {
                try body(revision)
            }
        }
    }
}

extension RatedCDR {
    /// A record that no deck speaks of.
    init(unrated row: CDRRow) {
        self.init(row: row, supersedes: nil, outcome: .failure(.noDeck))
    }
}
