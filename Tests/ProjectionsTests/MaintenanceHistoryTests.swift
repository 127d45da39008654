import Testing
import TrunkEvents

@testable import Projections

/// ``start`` is Sunday, 2026-11-22T14:00:00Z.
@Suite struct MaintenanceHistoryTests {
    private let day = start..<after(86_400_000)
    private let dated: Octets = "2026-11-22T15:00:00Z/2026-11-22T16:00:00Z"
    private let weekly: Octets = "sun 15:00-16:00"

    /// What is left out, in minutes since ``start``.
    private func minutes(_ history: MaintenanceHistory) -> [[Int64]] {
        history.stretches(of: alpha1, in: day).map {
            [$0.lowerBound, $0.upperBound].map { start.duration(to: $0).milliseconds / 60_000 }
        }
    }

    /// In the configuration from one minute to another.
    private func history(_ window: Octets, from: Int64, to: Int64?) -> MaintenanceHistory {
        var history = MaintenanceHistory()
        history.set([window], of: alpha1, at: after(from * 60_000))
        if let to { history.set([], of: alpha1, at: after(to * 60_000)) }
        return history
    }

    @Test func aDatedWindowCountsWholeUnlessItIsTakenOut() {
        #expect(minutes(history(dated, from: 0, to: nil)) == [[60, 120]])
        #expect(minutes(history(dated, from: 0, to: 1_000)) == [[60, 120]])
        #expect(minutes(history(dated, from: 90, to: nil)) == [[60, 120]])
        #expect(minutes(history(dated, from: 0, to: 90)) == [[60, 90]])
        #expect(minutes(history(dated, from: 0, to: 50)) == [])
        #expect(minutes(history(dated, from: 120, to: nil)) == [])
    }

    @Test func weeklyHoursCountWhileTheyStandThere() {
        #expect(minutes(history(weekly, from: 0, to: nil)) == [[60, 120]])
        #expect(minutes(history(weekly, from: 90, to: 100)) == [[90, 100]])
        #expect(minutes(history(weekly, from: 120, to: nil)) == [])
    }

    /// A restart records a trunk anew when anything of it changed.
    @Test func whatStaysIsOneSpell() {
        var history = history(weekly, from: 0, to: nil)
        let once = history
        history.set([weekly], of: alpha1, at: after(5_000_000))
        #expect(history == once)
        history.set([dated, weekly], of: alpha1, at: after(5_400_000))
        #expect(minutes(history) == [[60, 120], [60, 120]])
        #expect(history.stretches(of: alpha2, in: day).isEmpty)
    }

    @Test func itIsSavedWithTheState() throws {
        var history = history(weekly, from: 0, to: 50)
        history.set([dated], of: alpha2, at: after(60))
        #expect(try MaintenanceHistory(decoding: history.encoded) == history)
    }
}
