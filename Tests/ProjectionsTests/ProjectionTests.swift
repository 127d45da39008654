import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct ProjectionTests {
    /// Saves and loads the fold at random places; the end must be the one of a single pass.
    private func liveEqualsRebuild<P: Projection>(
        _ type: P.Type, _ entries: [LogEntry], _ seed: Seed
    ) throws {
        var random = seed.generator()
        var live = P()
        var rows: [P.Row] = []
        for entry in entries {
            try live.apply(entry, finished: &rows)
            if Int.random(in: 0..<20, using: &random) == 0 {
                let bytes = live.encoded
                live = try P(decoding: bytes)
                #expect(live.encoded == bytes, "\(seed)")
            }
        }
        let rebuilt = try fold(P.self, entries)
        #expect(live.encoded == rebuilt.state.encoded, "\(P.name) \(seed)")
        #expect(rows.map(\.encoded) == rebuilt.rows.map(\.encoded), "\(P.name) \(seed)")
        for row in rows { #expect(try P.Row(decoding: row.encoded).encoded == row.encoded) }
        for (row, next) in zip(rows, rows.dropFirst()) { #expect(row.closedAt <= next.closedAt) }
    }

    @Test func liveStateEqualsARebuildByteForByte() throws {
        let seed = Seed(for: "liveStateEqualsARebuildByteForByte")
        let entries = CallGenerator.entries(seed, count: 3_000)
        try liveEqualsRebuild(TrunkOccupancy.self, entries, seed)
        try liveEqualsRebuild(CarrierUptime.self, entries, seed)
        try liveEqualsRebuild(CallDetailRecords.self, entries, seed)
        try liveEqualsRebuild(AgentLife.self, entries, seed)
        try liveEqualsRebuild(ExportHistory.self, entries, seed)
    }

    @Test func everySeizureBecomesOneRow() throws {
        let seed = Seed(for: "everySeizureBecomesOneRow")
        let entries = CallGenerator.entries(seed, count: 5_000)
        let (records, rows) = try fold(CallDetailRecords.self, entries)
        let occupancy = try fold(TrunkOccupancy.self, entries).state
        let seizures = occupancy.trunks.values.reduce(0) { $0 + $1.seizures }
        let held = occupancy.trunks.values.reduce(0) { $0 + Int($1.inUse) }
        #expect(Set(rows.map(\.id)).count == rows.count, "\(seed)")
        #expect(rows.count + held <= Int(seizures), "\(seed)")
        #expect(records.closedCount == UInt64(rows.count))
        for row in rows {
            let parts = [
                row.setupMilliseconds, row.talkMilliseconds, row.holdMilliseconds,
                row.endUncertaintyMilliseconds,
            ]
            #expect(parts.allSatisfy { $0 >= 0 }, "\(row) \(seed)")
        }
    }

    @Test func stateThatIsCutShortOrTooLongIsRefused() throws {
        let seed = Seed(for: "stateThatIsCutShortOrTooLongIsRefused")
        let state = try fold(CallDetailRecords.self, CallGenerator.entries(seed, count: 60)).state
        let bytes = state.encoded
        for length in 0..<bytes.count {
            #expect(throws: StateDecodingError.self) {
                try CallDetailRecords(decoding: Array(bytes[..<length]))
            }
        }
        #expect(throws: StateDecodingError.trailingBytes(offset: bytes.count)) {
            try CallDetailRecords(decoding: bytes + [0])
        }
    }
}
