import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct RebuildTests {
    private let seed = Seed(for: "RebuildTests")

    private func rebuild(
        _ entries: [LogEntry], _ store: MemoryStore, saves: Bool
    ) throws -> RebuildReport {
        var rebuild = try Rebuild<CallDetailRecords>(
            store: store, saves: saves, head: madeUpHead(Position(rawValue: UInt64(entries.count))),
            linkAt: { (position) throws(LedgerError) in madeUpLink(position) })
        for entry in entries { try rebuild.apply(entry) }
        return try rebuild.finish()
    }

    @Test func aChangedRowIsFoundAndAnOwnerMendsIt() throws {
        let entries = CallGenerator.entries(seed, count: 400)
        let store = MemoryStore()
        let first = try rebuild(entries, store, saves: true)
        #expect(first.digestBefore == nil && first.isUnchanged)
        #expect(try rebuild(entries, store, saves: false).digestBefore == first.digestAfter)

        store.corrupt("row/0000000000000000")
        for saves in [false, true] {
            let report = try rebuild(entries, store, saves: saves)
            #expect(!report.isUnchanged && report.digestAfter == first.digestAfter, "\(seed)")
        }
        #expect(try rebuild(entries, store, saves: false).isUnchanged)

        store.replace("row/0000000000000001", with: nil)
        #expect(try !rebuild(entries, store, saves: false).isUnchanged)
    }

    @Test func itStopsAtTheSavedCursor() throws {
        let entries = CallGenerator.entries(seed, count: 400)
        let store = MemoryStore()
        let saved = try rebuild(Array(entries[..<250]), store, saves: true)
        let report = try rebuild(entries, store, saves: false)
        #expect(report.events == 250 && report.isUnchanged)
        #expect(report.digestAfter == saved.digestAfter)
    }
}
