import Ledger
import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

private let trunk = TrunkName("alpha-1")!
private let call = CallID(rawValue: 7)
private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

private func after(_ milliseconds: Int64) -> MonotonicInstant {
    start.advanced(by: .milliseconds(milliseconds))
}

private func recorded(_ event: Event) -> RecordedEvent {
    RecordedEvent(
        moment: Moment(wall: WallInstant(nanoseconds: 5), monotonic: start), event: event)
}

private let seizure = recorded(
    .channelSeized(
        ChannelSeized(
            call: call, trunk: trunk, attempt: .first, direction: .outbound, inUse: 1, cap: 1)))
private let release = recorded(
    .channelReleased(ChannelReleased(call: call, trunk: trunk, attempt: .first, inUse: 0)))

private func expectNothingDue(_ queue: inout CommitQueue, at now: MonotonicInstant) {
    let commit = queue.takeDue(at: now)
    #expect(commit == nil)
}

@Suite struct CommitQueueTests {
    @Test func anIdleQueueCommitsAtOnce() throws {
        var queue = CommitQueue()
        queue.add(seizure)
        queue.schedule(isAwaited: true, at: start)
        let commitDue = queue.takeDue(at: start)
        let commit = try #require(commitDue)
        #expect(commit.batch.count == 1)
        #expect(!commit.isReserve)
        expectNothingDue(&queue, at: after(50))
        let durable1 = queue.succeeded(at: after(1))
        #expect(durable1 == 1)
        #expect(queue.isEmpty)
    }

    @Test func underLoadCommitsBeginTenMillisecondsApart() throws {
        var queue = CommitQueue()
        queue.add(seizure)
        queue.schedule(isAwaited: true, at: start)
        _ = queue.takeDue(at: start)
        queue.add(seizure)
        let durable2 = queue.succeeded(at: after(1))
        #expect(durable2 == 1)
        queue.schedule(isAwaited: true, at: after(1))
        expectNothingDue(&queue, at: after(9))
        #expect(queue.nextDue == after(10))
        queue.add(release)
        let commitDue = queue.takeDue(at: after(10))
        let commit = try #require(commitDue)
        #expect(commit.batch.count == 2)
        #expect(commit.isReserve)
    }

    @Test func behindACommitThatTookLongTheNextOneFollowsAtOnce() throws {
        var queue = CommitQueue()
        queue.add(seizure)
        queue.schedule(isAwaited: true, at: start)
        _ = queue.takeDue(at: start)
        queue.add(seizure)
        _ = queue.succeeded(at: after(20))
        queue.schedule(isAwaited: true, at: after(20))
        let commitDue = queue.takeDue(at: after(20))
        #expect(commitDue?.batch.count == 1)
    }

    @Test func factsThatNobodyWaitsForRideAlong() {
        var queue = CommitQueue()
        queue.add(seizure)
        queue.schedule(isAwaited: false, at: start)
        #expect(queue.nextDue == after(100))
        queue.schedule(isAwaited: true, at: after(5))
        #expect(queue.nextDue == after(5))
    }

    @Test func aRefusedBatchIsOfferedAgainBeforeAnythingYounger() throws {
        var queue = CommitQueue()
        queue.add(seizure)
        queue.schedule(isAwaited: true, at: start)
        _ = queue.takeDue(at: start)
        queue.refused(at: after(1))
        expectNothingDue(&queue, at: after(50))
        queue.add(seizure)
        expectNothingDue(&queue, at: after(51))
        queue.add(release)
        let againDue = queue.takeDue(at: after(52))
        let again = try #require(againDue)
        #expect(again.batch.count == 1)
        #expect(again.isReserve, "the release behind it needs the seizure first")
        #expect(queue.waitingSince == start)
        let durable3 = queue.succeeded(at: after(60))
        #expect(durable3 == 1)
        queue.schedule(isAwaited: true, at: after(60))
        let last = queue.takeDue(at: after(76))
        #expect(last?.batch.count == 2)
    }

    @Test func aLongQueueIsCutIntoBatchesThatTheLedgerTakes() throws {
        var queue = CommitQueue()
        for _ in 0..<(CommitQueue.batchEventsMax + 1) { queue.add(seizure) }
        queue.schedule(isAwaited: true, at: start)
        let firstDue = queue.takeDue(at: start)
        let first = try #require(firstDue)
        #expect(first.batch.count == CommitQueue.batchEventsMax)
        _ = queue.succeeded(at: start)
        #expect(!queue.isEmpty)
    }
}
