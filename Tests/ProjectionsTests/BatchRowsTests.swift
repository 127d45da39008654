import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct BatchRowsTests {
    private let seed = Seed(for: "BatchRowsTests")

    private func deck(_ rate: String) throws -> RateDeck {
        try RateDeckTests.deck("prefix,rate\n1,\(rate)\n", RateDeckTests.terms)
    }

    /// Each record of each batch, by the number of its batch.
    private func batches(
        _ cuts: [UInt64], _ rows: [CDRRow], _ book: RatingBook
    ) throws -> [[RatedCDR]] {
        try zip([0] + cuts, cuts).map { before, last in
            let range = Position(rawValue: before + 1)...Position(rawValue: last)
            var records: [RatedCDR] = []
            try BatchRows(range, book).forEach(
                { range, take in
                    for row in rows where range.contains(row.closedAt) { try take(row) }
                },
                { records.append($0) })
            return records
        }
    }

    /// However the log is cut into batches, together they hold each revision once, in order.
    @Test func batchesTogetherHoldEveryRevisionOnce() throws {
        var random = seed.generator()
        let rows = try fold(CallDetailRecords.self, CallGenerator.entries(seed, count: 2_000)).rows
        var book = RatingBook()
        for rate in ["0.01", "0.02", "0.02", "0.03"] {
            let position = Position(rawValue: .random(in: 1...2_000, using: &random))
            guard !book.hasDecks(loadedIn: position ... .newest) else { continue }
            book.add(try deck(rate), loadedAt: position)
        }
        for _ in 0..<10 {
            let inner = Set((0..<3).map { _ in UInt64.random(in: 1..<2_000, using: &random) })
            let all = try batches(inner.sorted() + [2_000], rows, book).flatMap(\.self)
            for row in rows {
                let told = all.filter { $0.row.seizedPosition == row.seizedPosition }
                let expected = book.revisions(of: row)
                #expect(told.map(\.row.revision) == expected.map(\.row.revision), "\(seed)")
                #expect(told.map(\.rating) == expected.map(\.rating), "\(seed)")
            }
        }
    }

    @Test func aDeckLoadedLaterChangesNoEarlierBatch() throws {
        let rows = try fold(CallDetailRecords.self, CallGenerator.entries(seed, count: 600)).rows
        var book = RatingBook()
        book.add(try deck("0.01"), loadedAt: Position(rawValue: 50))
        let before = try batches([300], rows, book)
        book.add(try deck("0.05"), loadedAt: Position(rawValue: 400))
        let after = try batches([300, 600], rows, book)
        #expect(before[0].map(\.row) == after[0].map(\.row))
        #expect(before[0].map(\.rating) == after[0].map(\.rating))
        #expect(!BatchRows(.first ... Position(rawValue: 49), book).isRated)
    }
}
