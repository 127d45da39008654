import Testing

@testable import TrunkEvents

/// Numbers that logs hold: they keep their meaning for ever.
@Suite struct FactChoicesTests {
    private func names<Choice: FactChoice>(_ type: Choice.Type) -> [UInt8: String] {
        Dictionary(uniqueKeysWithValues: Choice.allCases.map { ($0.rawValue, $0.description) })
    }

    @Test func refusalReasons() {
        #expect(
            names(RefusalReason.self) == [
                1: "cap", 2: "cap_in", 3: "cap_out", 4: "cps", 5: "unreachable",
                6: "unregistered", 7: "maintenance", 8: "reserved", 9: "resting",
                10: "not_located",
            ])
    }

    @Test func attemptFailures() {
        #expect(
            names(AttemptFailure.self) == [
                1: "rejected", 2: "timeout", 3: "cancelled", 4: "transport", 5: "malformed",
                6: "recovery", 7: "carrier_full",
            ])
    }

    @Test func probeFailures() {
        #expect(
            names(ProbeFailure.self) == [
                1: "timeout", 2: "refused", 3: "transport", 4: "calls", 5: "not_located",
                6: "resolver",
            ])
    }
}
