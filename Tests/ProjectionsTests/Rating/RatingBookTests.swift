import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct RatingBookTests {
    private func row(talk: Int64 = 61_000) throws -> CDRRow {
        let call = CallScript()
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha)
        log.add(0, call.started)
        log.add(0, call.seized())
        log.add(0, call.sent)
        log.add(0, call.answered)
        log.add(0, call.callAnswered)
        log.add(talk, call.ended(.local, .bye))
        log.add(talk, call.released())
        return try #require(try fold(CallDetailRecords.self, log.entries).rows.first)
    }

    private func deck(_ rate: String, from instant: WallInstant = start) throws -> RateDeck {
        var terms = RateDeckTests.terms
        terms.effectiveFrom = instant
        return try RateDeckTests.deck("prefix,rate\n1,\(rate)\n", terms)
    }

    @Test func aLaterDeckIsANewRevision() throws {
        let row = try row()
        var book = RatingBook()
        #expect(book.newest(of: row).outcome == .failure(.noDeck))
        book.add(try deck("0.01"), loadedAt: .first)
        book.add(try deck("0.02"), loadedAt: row.closedAt)
        book.add(try deck("0.02"), loadedAt: Position(rawValue: 100))
        book.add(try deck("0.05", from: after(1)), loadedAt: Position(rawValue: 101))
        book.add(try deck("0.03"), loadedAt: Position(rawValue: 102))
        let revisions = book.revisions(of: row)
        #expect(revisions.map(\.row.revision) == [1, 2])
        #expect(revisions.map(\.supersedes) == [nil, 1])
        #expect(revisions.map { $0.rating?.amount.description } == ["0.04", "0.06"])
        #expect(revisions.map { $0.rating?.billedSeconds } == [120, 120])
        #expect(revisions.last?.rating?.deck == (try deck("0.03").sha256))
    }

    @Test func callsOfOthersAreNotRated() throws {
        let row = try row()
        var terms = RateDeckTests.terms
        terms.carrier = beta
        var book = RatingBook()
        book.add(try RateDeckTests.deck("prefix,rate\n1,1\n", terms), loadedAt: .first)
        terms.carrier = alpha
        terms.direction = .inbound
        book.add(try RateDeckTests.deck("prefix,rate\n1,1\n", terms), loadedAt: .first)
        #expect(book.newest(of: row).outcome == .failure(.noDeck))
        terms.direction = .outbound
        book.add(try RateDeckTests.deck("prefix,rate\n44,1\n", terms), loadedAt: .first)
        #expect(book.newest(of: row).outcome == .failure(.noPrefix))
    }

    @Test func theStoreGivesBackWhatTheLogNames() throws {
        try withTemporaryDirectory { directory in
            let store = RateDeckStore(ledger: directory)
            let sha256 = try store.keep(Array("prefix,rate\n1,0.01\n".utf8))
            let terms = RateDeckTests.terms
            let fact = RateDeckLoaded(terms, rateCount: 1, fileName: "a.csv", sha256: sha256)
            #expect(RateDeckTerms(fact) == terms)
            var log = LogBuilder()
            log.boot(at: 0)
            log.add(1, .rateDeckLoaded(fact))
            let history = try fold(RateDeckHistory.self, log.entries).state
            #expect(try RateDeckHistory(decoding: history.encoded).decks == history.decks)
            #expect(try store.book(history).newest(of: try row()).rating?.deck == sha256)
            let other = RateDeckLoaded(
                terms, rateCount: 1, fileName: "a.csv", sha256: Digest(of: []))
            log.add(2, .rateDeckLoaded(other))
            let broken = try fold(RateDeckHistory.self, log.entries).state
            #expect(throws: RateDeckStoreError.self) { try store.book(broken) }
        }
    }
}
