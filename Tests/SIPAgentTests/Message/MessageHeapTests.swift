import TestSupport
import Testing

/// What reading a message takes from the heap, counted in a process of its own.
@Suite struct MessageHeapTests {
    @Test func anInviteWithABodyTakesNothing() async throws {
        try await withProcesses { scope in
            let outcome = try await scope.run(Places.built("MessageWorkload"), ["10000"])
            #expect(HeapCounts(outcome)["blocks"] == 0, "\(outcome.output)")
        }
    }
}
