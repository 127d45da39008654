import Testing

@testable import Ledger

@Suite struct MetaFlushTests {
    private let second: UInt64 = 1_000_000_000

    @Test func nothingIsOwedWhereNothingMayBeLost() {
        var flush = MetaFlush(.losesNothing)
        #expect(flush.ofCommits == .dataAndMeta)
        flush.committed(now: 5)
        flush.failed(now: 6)
        #expect(flush.due == nil)
        #expect(!flush.isDoubtful)
    }

    @Test func theNewestCommitIsDueWhenItsTimeHasPassed() {
        var flush = MetaFlush(.losesNewestCommitOnPowerCut(within: .milliseconds(2)))
        #expect(flush.ofCommits == .data)
        flush.committed(now: 1_000)
        flush.committed(now: 5_000)
        #expect(flush.due == 2_005_000)
        #expect(!flush.isOverdue(now: 2_004_999))
        #expect(flush.isOverdue(now: 2_005_000))
        flush.flushed()
        #expect(flush.due == nil)
    }

    @Test func whatAFailedFlushLeavesIsDoubtfulUntilItIsWrittenAgain() {
        var flush = MetaFlush(.losesNewestCommitOnPowerCut(within: .zero))
        flush.failed(now: 1)
        #expect(!flush.isDoubtful, "the newest is on the disk already")
        flush.committed(now: 1)
        flush.failed(now: 2)
        #expect(flush.isDoubtful)
        #expect(flush.due == second + 2)
        flush.flushed()
        #expect(flush.due == nil)
        #expect(!flush.isDoubtful)
    }

    @Test(arguments: [
        (Duration.seconds(2), 2_000_000_001 as UInt64), (.nanoseconds(1), 2), (.seconds(-1), 1),
        (.seconds(Int64.max), .max),
    ]) func anySpanIsTaken(_ span: Duration, due: UInt64) {
        var flush = MetaFlush(.losesNewestCommitOnPowerCut(within: span))
        flush.committed(now: 1)
        #expect(flush.due == due)
    }
}
