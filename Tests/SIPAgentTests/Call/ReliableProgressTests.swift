import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct ReliableProgressTests {
    private static let timers = TimerSettings()
    private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    private static func at(_ milliseconds: Int64) -> MonotonicInstant {
        start.advanced(by: .milliseconds(milliseconds))
    }

    private static func add(_ progress: inout ReliableProgress) -> UInt32? {
        progress.add(.code(180), at: start, timers) { Array("\($0)".utf8) }?.sequence
    }

    private static func isCopyDue(
        _ progress: inout ReliableProgress, _ milliseconds: Int64
    ) -> Bool {
        if case .copy = progress.advance(to: at(milliseconds)) { true } else { false }
    }

    @Test func oneIsOutAtATimeAndTheirNumbersFollowEachOther() {
        var progress = ReliableProgress(first: 7)
        let first = Self.add(&progress)
        let second = Self.add(&progress)
        #expect(first == 7 && second == nil)
        let next = progress.acknowledge(at: Self.at(100), Self.timers)
        #expect(next?.sequence == 8 && next?.response == Array("8".utf8))
        let last = progress.acknowledge(at: Self.at(200), Self.timers)
        #expect(last == nil && progress.outstanding == nil)
    }

    /// RFC 3262 section 3: T1, doubled without the limit of T2, until 64*T1.
    @Test func copiesFollowEachOtherAndStop() {
        var progress = ReliableProgress(first: 1)
        _ = Self.add(&progress)
        let isEarly = Self.isCopyDue(&progress, 499)
        #expect(!isEarly)
        var due: [Int64] = []
        for milliseconds in stride(from: Int64(500), to: 32_000, by: 100)
        where Self.isCopyDue(&progress, milliseconds) {
            due.append(milliseconds)
        }
        #expect(due == [500, 1_500, 3_500, 7_500, 15_500, 31_500])
        guard case .givenUp = progress.advance(to: Self.at(32_000)) else {
            Issue.record("nobody acknowledges it any more")
            return
        }
        #expect(progress.outstanding == nil)
    }

    @Test func aHandfulMayWait() {
        var progress = ReliableProgress(first: 1)
        for _ in 0..<20 { _ = Self.add(&progress) }
        var sent = 1
        while progress.acknowledge(at: Self.start, Self.timers) != nil { sent += 1 }
        #expect(sent == 9)
    }
}
