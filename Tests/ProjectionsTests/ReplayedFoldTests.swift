import Ledger
import Projections
import TestSupport
import Testing
import TrunkEvents

@Suite struct ReplayedFoldTests {
    /// Live state equals a replay by all processors, byte for byte, wherever the log is cut into
    /// segments and frames.
    @Test func aReplayEqualsTheLiveState() async throws {
        let seed = Seed(for: "aReplayEqualsTheLiveState")
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger", options: testOptions)
            try await append(CallGenerator.entries(seed, count: 3_000), to: writer)
            var entries: [LogEntry] = []
            try writer.reader.read { view in
                entries.append(try LogEntry(view))
                return .next
            }
            let occupancy = try fold(TrunkOccupancy.self, entries).state.encoded
            let records = try fold(CallDetailRecords.self, entries).rows.map(\.encoded)
            for end in [0, 500, 1_300, 2_000, 5_000] as [UInt64] {
                if end > 0 { try writer.seal(through: Position(rawValue: end)) }
                let isSameLoad =
                    try TrunkOccupancy.replayed(writer.reader).state.encoded == occupancy
                let isSameCalls =
                    try CallDetailRecords.replayed(writer.reader).rows.map(\.encoded) == records
                #expect(isSameLoad && isSameCalls, "sealed through \(end), \(seed)")
            }
            let part = try TrunkOccupancy.replayed(
                writer.reader, through: Position(rawValue: 1_000))
            #expect(
                part.state.encoded
                    == (try fold(TrunkOccupancy.self, entries.prefix(1_000))).state.encoded)
        }
    }

    /// What the fold says of its kinds is true: the others change nothing.
    @Test func onlyTheKindsOfAFoldChangeIt() throws {
        let seed = Seed(for: "onlyTheKindsOfAFoldChangeIt")
        var state = TrunkOccupancy()
        for entry in CallGenerator.entries(seed, count: 3_000) {
            let before = state.encoded
            try state.apply(entry)
            let isOwn = TrunkOccupancy.kinds?.contains(entry.event.kind) ?? true
            #expect(isOwn || state.encoded == before, "\(entry.event.kind), \(seed)")
        }
    }

    @Test func anUnreadablePayloadStopsIt() async throws {
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger", options: testOptions)
            var batch = EventBatch()
            let kind = EventKind(rawValue: FactKind.channelSeized.rawValue)
            let header = EventHeader(
                kind: kind, schemaVersion: 1, stream: StreamID(rawValue: 1), wallTime: 0,
                monotonicTime: 0)
            batch.append(header, payload: [1, 2, 3] as [UInt8])
            _ = try await writer.append(batch)
            let fault = #expect(throws: ProjectionFault.self) {
                try TrunkOccupancy.replayed(writer.reader)
            }
            #expect(fault?.position == .first)
        }
    }

    /// A replay takes rooms for each segment and frame chunk, and nothing for an event.
    @Test func anEventTakesNothingFromTheHeap() async throws {
        try await withProcesses { scope in
            let program = Places.built("TrafficWorkload")
            let ledger = "\(scope.directory)/ledger"
            let recorded = try await scope.run(
                program, ["record", ledger, "200000", "150000", "bare"], within: .seconds(120))
            try #require(recorded.succeeded, "\(recorded.errorOutput)")
            let outcome = try await scope.run(program, ["replay-blocks", ledger])
            let counts = HeapCounts(outcome)
            #expect(counts["events"] == 200_000)
            #expect(counts["trunks"] == 8)
            let blocks = try #require(counts["blocks"])
            #expect(blocks * 100 < 200_000, "\(blocks) blocks for 200,000 events")
        }
    }
}
