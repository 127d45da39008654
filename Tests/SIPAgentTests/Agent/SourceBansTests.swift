import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct SourceBansTests {
    private let one = IPAddress(v4: 0x0A00_0001)
    private let rules = BanRules(failures: 3, window: .seconds(60), duration: .seconds(600))

    private func at(_ seconds: UInt64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: (100 + seconds) * 1_000_000_000)
    }

    @Test func theLastFailureWithinTheWindowBansForAWhile() {
        var bans = SourceBans()
        #expect(bans.noteFailure(of: one, rules, at: at(0)) == nil)
        #expect(bans.noteFailure(of: one, rules, at: at(30)) == nil)
        #expect(!bans.holds(one, at: at(58)))
        #expect(bans.noteFailure(of: one, rules, at: at(59)) == 3)
        #expect(bans.holds(one, at: at(59)) && bans.holds(one, at: at(658)))
        #expect(!bans.holds(IPAddress(v4: 1), at: at(60)))
        #expect(!bans.holds(one, at: at(659)))
        // Then it begins anew.
        #expect(bans.noteFailure(of: one, rules, at: at(660)) == nil)
    }

    @Test func failuresFarApartDoNotAddUp() {
        var bans = SourceBans()
        for second in stride(from: UInt64(0), to: 3_000, by: 31) {
            #expect(bans.noteFailure(of: one, rules, at: at(second)) == nil)
        }
    }

    @Test func bansOutlastCountsWhenTheTableIsFull() {
        var bans = SourceBans()
        for _ in 0..<3 { _ = bans.noteFailure(of: one, rules, at: at(0)) }
        for host in 1...UInt32(3 * SourceBans.sourcesMax) {
            _ = bans.noteFailure(of: IPAddress(v4: host), rules, at: at(1))
        }
        #expect(bans.holds(one, at: at(2)))
    }
}
