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

@Suite struct CommitQueueTests {
    @Test func anIdleQueueCommitsAtOnce() throws {
        var queue = CommitQueue()
        queue.add(seizure)
        queue.schedule(isAwaited: true, at: start)
        let commit = try #require(queue.takeDue(at: start))
        #expect(commit.batch.count == 1)
        #expect(!commit.isReserve)
        #expect(queue.takeDue(at: after(50)) == nil)
        #expect(queue.succeeded(at: after(1)) == 1)
        #expect(queue.isEmpty)
    }

    @Test func underLoadFactsGatherForTwoMilliseconds() throws {
        var queue = CommitQueue()
        queue.add(seizure)
        queue.schedule(isAwaited: true, at: start)
        _ = queue.takeDue(at: start)
        queue.add(seizure)
        #expect(queue.succeeded(at: after(1)) == 1)
        queue.schedule(isAwaited: true, at: after(1))
        #expect(queue.takeDue(at: after(2)) == nil)
        #expect(queue.nextDue == after(3))
        queue.add(release)
        let commit = try #require(queue.takeDue(at: after(3)))
        #expect(commit.batch.count == 2)
        #expect(commit.isReserve)
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
        #expect(queue.takeDue(at: after(50)) == nil)
        queue.add(seizure)
        #expect(queue.takeDue(at: after(51)) == nil)
        queue.add(release)
        let again = try #require(queue.takeDue(at: after(52)))
        #expect(again.batch.count == 1)
        #expect(again.isReserve, "the release behind it needs the seizure first")
        #expect(queue.waitingSince == start)
        #expect(queue.succeeded(at: after(60)) == 1)
        queue.schedule(isAwaited: true, at: after(60))
        #expect(queue.takeDue(at: after(62))?.batch.count == 2)
    }

    @Test func aLongQueueIsCutIntoBatchesThatTheLedgerTakes() throws {
        var queue = CommitQueue()
        for _ in 0..<(CommitQueue.batchEventsMax + 1) { queue.add(seizure) }
        queue.schedule(isAwaited: true, at: start)
        let first = try #require(queue.takeDue(at: start))
        #expect(first.batch.count == CommitQueue.batchEventsMax)
        _ = queue.succeeded(at: start)
        #expect(!queue.isEmpty)
    }
}
