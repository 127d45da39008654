internal import Ledger
internal import SIPAgent
internal import TrunkEvents

/// Facts on their way to disk: one batch in flight, the next one gathering behind it.
///
///     idle --facts--> gathering --due--> in flight --durable--> idle or gathering
///                                        |     ^
///                                        +-----+ retry after a refusal (disk full)
///
/// With a single batch in flight the log keeps the order of the facts whatever fails: a refused
/// batch is offered again before anything younger, so that no release can precede its seizure.
struct CommitQueue {
    /// How far apart commits begin under load: one costs as much processor time as the SIP work of
    /// a call, and serves every call of the span. An idle line waits for nothing, and a disk that
    /// takes longer than this for a commit makes nobody wait beyond it.
    static let gatherSpan = Nanoseconds.milliseconds(10)
    /// Facts that no message waits for ride along with the next commit, this long at most.
    static let rideAlongSpan = Nanoseconds.milliseconds(100)
    static let retrySpan = Nanoseconds.milliseconds(100)

    private enum State {
        case idle
        case gathering(due: MonotonicInstant)
        case inFlight(EventBatch, isReserve: Bool, since: MonotonicInstant)
        case refused(EventBatch, isReserve: Bool, since: MonotonicInstant, due: MonotonicInstant)
    }

    /// A batch is closed well below the ledger's limits.
    static let batchEventsMax = 4_096
    static let batchBytesMax = 4 << 20

    private var state = State.idle
    /// Oldest first; only the last one still grows.
    private var gathered: [Commit] = []
    private var lastBegan: MonotonicInstant?
    /// What the last batch held: room for the next one.
    private var lastCounts = (events: 0, payloadBytes: 0)
    private var scratch: [UInt8] = []

    struct Commit: Sendable {
        var batch = EventBatch()
        /// The batch holds an end or a release, which may use the space kept back for them.
        var isReserve = false
    }

    /// When ``takeDue(at:)`` wants to be asked again; `nil` while a batch is in flight.
    var nextDue: MonotonicInstant? {
        switch state {
        case .gathering(let due), .refused(_, _, _, let due): due
        case .idle, .inFlight: nil
        }
    }

    /// Since when the oldest facts wait for the disk.
    var waitingSince: MonotonicInstant? {
        switch state {
        case .inFlight(_, _, let since), .refused(_, _, let since, _): since
        case .idle, .gathering: nil
        }
    }

    /// The disk did not take the oldest facts, and they have not been offered again yet.
    var isRefused: Bool {
        if case .refused = state { true } else { false }
    }

    var isEmpty: Bool {
        if case .idle = state { gathered.isEmpty } else { false }
    }

    mutating func add(_ recorded: RecordedEvent) {
        let event = recorded.event
        scratch.removeAll(keepingCapacity: true)
        event.encode(into: &scratch)
        if gathered.last.map({ $0.batch.isFull }) ?? true { gathered.append(emptyCommit) }
        let last = gathered.endIndex - 1
        gathered[last].batch.append(
            EventHeader(
                kind: EventKind(rawValue: event.kind.rawValue), schemaVersion: event.version,
                stream: StreamID(rawValue: event.stream.rawValue),
                wallTime: recorded.moment.wall.nanoseconds,
                monotonicTime: recorded.moment.monotonic.nanoseconds),
            payload: scratch)
        if event.isEnd { gathered[last].isReserve = true }
    }

    /// With room for as much as the last one held: a batch that grows moves what it has.
    private var emptyCommit: Commit {
        Commit(
            batch: EventBatch(
                reservingEvents: lastCounts.events, payloadBytes: lastCounts.payloadBytes))
    }

    /// Says that facts were added and whether a message waits for them.
    mutating func schedule(isAwaited: Bool, at now: MonotonicInstant) {
        guard !gathered.isEmpty else { return }
        switch state {
        case .inFlight, .refused:
            return
        case .gathering(let due):
            guard isAwaited else { return }
            state = .gathering(due: min(due, awaitedDue(at: now)))
        case .idle:
            let due = isAwaited ? awaitedDue(at: now) : now.advanced(by: Self.rideAlongSpan)
            state = .gathering(due: due)
        }
    }

    /// Under load the commit before has just begun; then a short wait fills the next one.
    private func awaitedDue(at now: MonotonicInstant) -> MonotonicInstant {
        guard let lastBegan else { return now }
        return max(now, lastBegan.advanced(by: Self.gatherSpan))
    }

    /// The batch to append now, if one is due.
    mutating func takeDue(at now: MonotonicInstant) -> Commit? {
        switch state {
        case .idle, .inFlight:
            return nil
        case .gathering(let due):
            guard due <= now else { return nil }
            let commit = gathered.removeFirst()
            lastBegan = now
            lastCounts = (commit.batch.count, commit.batch.byteCount)
            state = .inFlight(commit.batch, isReserve: commit.isReserve, since: now)
            return commit
        case .refused(let batch, let isReserve, let since, let due):
            // A refused batch that now has an end behind it may use the reserve too: the end
            // cannot be recorded before what it ends.
            let useReserve = isReserve || gathered.contains(where: \.isReserve)
            guard due <= now || useReserve != isReserve else { return nil }
            state = .inFlight(batch, isReserve: useReserve, since: since)
            return Commit(batch: batch, isReserve: useReserve)
        }
    }

    /// The batch in flight is durable; answers how many facts it held.
    mutating func succeeded(at now: MonotonicInstant) -> Int {
        guard case .inFlight(let batch, _, _) = state else {
            preconditionFailure("a commit ended that was not in flight")
        }
        state = .idle
        return batch.count
    }

    /// The batch in flight was refused and nothing of it recorded: it is offered again later.
    mutating func refused(at now: MonotonicInstant) {
        guard case .inFlight(let batch, let isReserve, let since) = state else {
            preconditionFailure("a commit ended that was not in flight")
        }
        state = .refused(
            batch, isReserve: isReserve, since: since, due: now.advanced(by: Self.retrySpan))
    }
}

extension EventBatch {
    fileprivate var isFull: Bool {
        count >= CommitQueue.batchEventsMax || byteCount >= CommitQueue.batchBytesMax
    }
}

extension Event {
    /// Ends and releases must be recorded even when the disk is full: they make room elsewhere.
    var isEnd: Bool {
        switch kind {
        case .callEnded, .callRecovered, .channelReleased, .attemptFailed, .agentStopped: true
        case .agentStarted, .heartbeat, .clockStepped, .strangersDropped, .trunkConfigured,
            .requestsDropped, .sourceBanned,
            .trunkRemoved, .trunkNearCap, .trunkBelowCap, .trunkReachable, .trunkUnreachable,
            .trunkLocated, .trunkResting, .registrationSucceeded, .registrationFailed,
            .registrationExpired, .registrationRemoved, .callStarted, .routeChosen, .callAnswered,
            .callModified,
            .channelRefused, .channelSeized, .attemptSent, .attemptProgressed, .attemptAnswered,
            .exportClosed, .exportDelivered, .exportFailed, .callContinued, .callInterim,
            .sequencesReserved, .modificationSent, .modificationFailed, .sessionTimerChanged,
            .transferBegun, .callTransferred,
            .rateDeckLoaded, .invoiceLoaded:
            false
        }
    }
}
