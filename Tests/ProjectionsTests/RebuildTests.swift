import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct RebuildTests {
    private let seed = Seed(for: "RebuildTests")

    /// What is saved, folded again into a store of its own.
    private func rebuild(
        _ entries: [LogEntry], _ store: MemoryStore, into fresh: MemoryStore? = nil
    ) throws -> RebuildReport {
        var rebuild = try Rebuild<CallDetailRecords>(
            saved: store, into: fresh,
            replace: { () throws(LedgerError) in if let fresh { store.take(fresh) } },
            head: madeUpHead(Position(rawValue: UInt64(entries.count))),
            linkAt: { (position) throws(LedgerError) in madeUpLink(position) })
        rebuild.apply(entries)
        rebuild.end()
        return try rebuild.report()
    }

    @Test func aChangedRowIsFoundAndAnOwnerMendsIt() throws {
        let entries = CallGenerator.entries(seed, count: 3_000)
        let store = MemoryStore()
        let first = try rebuild(entries, store, into: MemoryStore())
        #expect(first.digestBefore == nil && first.isUnchanged)
        #expect(try rebuild(entries, store).digestBefore == first.digestAfter)
        #expect(store.values["rows/0000000000000001"] != nil, "more than one page")

        store.corrupt("rows/0000000000000000", at: 9)
        for fresh in [nil, MemoryStore()] {
            let report = try rebuild(entries, store, into: fresh)
            #expect(!report.isUnchanged && report.digestAfter == first.digestAfter, "\(seed)")
        }
        #expect(try rebuild(entries, store).isUnchanged)

        // Rows are written ahead of the state that counts them.
        let last = try #require(store.values.keys.filter { $0.hasPrefix("rows/") }.max())
        store.replace(last, with: store.values[last].map { $0 + [1, 2, 3] })
        #expect(try rebuild(entries, store).isUnchanged)

        store.replace("rows/0000000000000001", with: nil)
        #expect(try !rebuild(entries, store).isUnchanged)
    }

    @Test func untilItIsCompleteTheSavedStateAnswers() throws {
        let entries = CallGenerator.entries(seed, count: 400)
        let store = MemoryStore()
        _ = try rebuild(entries, store, into: MemoryStore())
        let before = store.values
        var cut = try Rebuild<CallDetailRecords>(
            saved: store, into: MemoryStore(),
            replace: { () throws(LedgerError) in Issue.record("an unreadable event") },
            head: madeUpHead(Position(rawValue: 400)),
            linkAt: { (position) throws(LedgerError) in madeUpLink(position) })
        let fault = ProjectionFault(position: Position(rawValue: 301), cause: "not to be read")
        cut.apply(entries[..<300])
        cut.stop(fault)
        cut.end()
        #expect(try cut.report().fault == fault)
        #expect(store.values == before)
    }

    @Test func itStopsAtTheSavedCursor() throws {
        let entries = CallGenerator.entries(seed, count: 400)
        let store = MemoryStore()
        let saved = try rebuild(Array(entries[..<250]), store, into: MemoryStore())
        let report = try rebuild(entries, store)
        #expect(report.events == 250 && report.isUnchanged)
        #expect(report.digestAfter == saved.digestAfter)
    }
}

extension Rebuild {
    fileprivate mutating func apply(_ entries: some Sequence<LogEntry>) {
        for entry in entries {
            var payload: [UInt8] = []
            entry.event.encode(into: &payload)
            let fact = FactView(
                kind: entry.event.kind, version: entry.event.version, payload: payload.span.bytes)
            apply(fact, at: entry.stamp)
        }
        flushFullPages()
    }
}
