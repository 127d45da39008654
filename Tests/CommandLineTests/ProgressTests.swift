import Testing
import TrunkEvents

@testable import trunkledger

@Suite struct ProgressTests {
    /// What a terminal gets of updates at these milliseconds, each with what was done of 1,000.
    private func shown(
        _ updates: [(milliseconds: UInt64, done: UInt64)], isWatched: Bool = true
    ) -> [String] {
        var now: UInt64 = 5_000
        var shown: [String] = []
        let progress = Progress(
            "verifying", isWatched: isWatched,
            clock: { MonotonicInstant(nanoseconds: now * 1_000_000) },
            show: { shown.append($0) })
        for update in updates {
            now = 5_000 + update.milliseconds
            progress.update(update.done, of: 1_000)
        }
        progress.end()
        return shown
    }

    @Test func itSaysHowLongItStillTakes() {
        #expect(
            shown([(0, 0), (2_000, 250), (7_900, 999), (8_000, 1_000), (9_000, 1_000)]) == [
                "verifying 0 of 1000, 0%", "verifying 250 of 1000, 25%, 6.0s left",
                "verifying 999 of 1000, 99%, 7ms left", "verifying 1000 of 1000, 100%", "",
            ])
    }

    @Test func itIsShownAFewTimesASecond() {
        let updates = (0..<1_000).map { (milliseconds: UInt64($0), done: UInt64($0)) }
        #expect(shown(updates).count == 6)
    }

    @Test func nobodyWatchesAFile() {
        #expect(shown([(0, 0), (2_000, 250)], isWatched: false).isEmpty)
    }
}
