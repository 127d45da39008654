import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

/// Counts events and stops at a heartbeat.
private struct Fragile: Projection {
    static let name = "fragile"
    static let version: UInt32 = 1
    var count: UInt64 = 0

    init() {}
    mutating func apply(
        _ entry: LogEntry, finished rows: inout [NoRow]
    ) throws(ProjectionFault) {
        if entry.event.kind == .heartbeat {
            throw ProjectionFault(position: entry.position, cause: "a heartbeat")
        }
        count += 1
    }
    func encode(into encoder: inout StateEncoder) { encoder.append(count) }
    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        count = try decoder.integer()
    }
}

@Suite struct ProjectionRunnerTests {
    private typealias Runner = ProjectionRunner<CallDetailRecords>
    private let seed = Seed(for: "ProjectionRunnerTests")

    private func open(
        _ store: MemoryStore, head: LedgerHead, link: @escaping (Position) -> Link? = madeUpLink
    ) throws -> Runner {
        try Runner(
            store: store, head: head,
            linkAt: { (position) throws(LedgerError) in link(position) })
    }

    private func saved(_ entries: [LogEntry], in store: MemoryStore) throws -> Runner {
        let last = try #require(entries.last?.position)
        var runner = try open(store, head: madeUpHead(last))
        for entry in entries { runner.apply(entry) }
        try runner.save(at: madeUpHead(last))
        return runner
    }

    @Test func resumesWhereItWasSaved() throws {
        let entries = CallGenerator.entries(seed, count: 600)
        let store = MemoryStore()
        _ = try saved(Array(entries[..<300]), in: store)
        var runner = try open(store, head: madeUpHead(Position(rawValue: 600)))
        #expect(runner.isResumed && runner.position.rawValue == 300)
        for entry in entries { runner.apply(entry) }
        let single = try fold(CallDetailRecords.self, entries)
        #expect(runner.state.encoded == single.state.encoded, "\(seed)")
        var rows: [CDRRow] = []
        try runner.forEachRow(closedIn: .everything) {
            rows.append($0)
            return .next
        }
        #expect(rows == single.rows, "\(seed)")
    }

    @Test func rowsOfARangeOfTheLog() throws {
        let entries = CallGenerator.entries(seed, count: 900)
        let store = MemoryStore()
        _ = try saved(Array(entries[..<500]), in: store)
        var runner = try open(store, head: madeUpHead(Position(rawValue: 900)))
        for entry in entries { runner.apply(entry) }
        let all = try fold(CallDetailRecords.self, entries).rows
        for (low, high) in [(1, 900), (400, 600), (500, 500), (899, 900), (901, 950)] {
            let range = Position(rawValue: UInt64(low))...Position(rawValue: UInt64(high))
            var rows: [CDRRow] = []
            try runner.forEachRow(closedIn: range) {
                rows.append($0)
                return .next
            }
            #expect(rows == all.filter { range.contains($0.closedAt) }, "\(range) \(seed)")
        }
    }

    @Test func aCursorThatDoesNotFitItsLogStartsOver() throws {
        let entries = CallGenerator.entries(seed, count: 50)
        let store = MemoryStore()
        _ = try saved(entries, in: store)
        let here = Position(rawValue: 50)
        let other = madeUpLink(Position(rawValue: 51))
        #expect(try open(store, head: madeUpHead(here)).isResumed)
        #expect(try !open(store, head: madeUpHead(here, ledger: 9)).isResumed)
        #expect(try !open(store, head: madeUpHead(Position(rawValue: 49))).isResumed)
        #expect(try !open(store, head: madeUpHead(here), link: { _ in other }).isResumed)
        #expect(try !open(store, head: madeUpHead(here), link: { _ in nil }).isResumed)
        let saved = try #require(store.values["state"])
        store.replace("state", with: saved.dropLast())
        #expect(try !open(store, head: madeUpHead(here)).isResumed)
        store.replace("state", with: saved)
        store.corrupt("state")
        let runner = try open(store, head: madeUpHead(here))
        #expect(!runner.isResumed && runner.position == .zero && runner.rowCount == 0)
    }

    @Test func rowsWrittenAheadOfTheStateAreWrittenAgain() throws {
        let entries = CallGenerator.entries(seed, count: 400)
        let store = MemoryStore()
        var runner = try saved(Array(entries[..<100]), in: store)
        for entry in entries { runner.apply(entry) }
        try runner.saveRows()
        let again = try saved(entries, in: store)
        let single = try fold(CallDetailRecords.self, entries)
        #expect(again.rowCount == UInt64(single.rows.count), "\(seed)")
        for (number, row) in single.rows.enumerated() {
            #expect(try again.row(UInt64(number)) == row)
        }
    }

    @Test func nothingNewIsNotSavedAgain() throws {
        let entries = CallGenerator.entries(seed, count: 60)
        let store = MemoryStore()
        var runner = try saved(entries, in: store)
        try runner.save(at: madeUpHead(Position(rawValue: 60)))
        var resumed = try open(store, head: madeUpHead(Position(rawValue: 60)))
        try resumed.save(at: madeUpHead(Position(rawValue: 60)))
        #expect(store.commits == 1)
    }

    @Test func aFaultStopsThisFoldAndSavesNothing() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.add(1, .heartbeat(Heartbeat(openCalls: 0)))
        log.add(2, .heartbeat(Heartbeat(openCalls: 0)))
        let store = MemoryStore()
        let head = madeUpHead(Position(rawValue: 3))
        var runner = try ProjectionRunner<Fragile>(
            store: store, head: head, linkAt: { (_) throws(LedgerError) in nil })
        for entry in log.entries { runner.apply(entry) }
        #expect(runner.fault?.description == "event 2: a heartbeat")
        #expect(runner.position.rawValue == 1 && runner.state.count == 1)
        try runner.save(at: head)
        #expect(store.commits == 0)
    }

    @Test func aGapIsAFault() throws {
        let entries = CallGenerator.entries(seed, count: 10)
        var runner = try open(MemoryStore(), head: madeUpHead(.zero))
        runner.apply(entries[0])
        runner.apply(entries[0])
        runner.apply(entries[2])
        #expect(runner.fault?.description == "event 3: expected event 2")
    }

    @Test func aMissingRowNamesTheRemedy() throws {
        let entries = CallGenerator.entries(seed, count: 400)
        let store = MemoryStore()
        let runner = try saved(entries, in: store)
        store.replace("rows/0000000000000000", with: nil)
        #expect(throws: LedgerError.self) { try runner.row(0) }
    }
}
