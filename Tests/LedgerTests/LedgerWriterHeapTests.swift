import TestSupport
import Testing

@Suite struct LedgerWriterHeapTests {
    /// The bar is one block an event.
    @Test func aThousandAppendedEventsTakeAFewBlocksTogether() async throws {
        try await withProcesses { scope in
            let outcome = try await scope.run(
                Places.built("TrafficWorkload"),
                ["append-blocks", "\(scope.directory)/ledger", "20000"])
            let counts = HeapCounts(outcome)
            let blocks = try #require(counts["blocks"])
            // Batch, receipt and frame take theirs once for a thousand events.
            #expect(blocks * 20 < 20_000, "\(blocks) blocks")
        }
    }
}
