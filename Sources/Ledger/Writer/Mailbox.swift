internal import Glibc

/// What waits for the committer, bounded; the committer sleeps on it.
@safe  // the pointers are private, allocated once and freed once
final class Mailbox: @unchecked Sendable {  // everything mutable is only touched under `lock`
    /// What had queued when the committer looked.
    struct Delivery {
        var submissions: [Submission] = []
        var jobs: [CommitterJob] = []

        var isEmpty: Bool { submissions.isEmpty && jobs.isEmpty }

        /// Forgets everything and keeps the room it took.
        mutating func removeAll() {
            submissions.removeAll(keepingCapacity: true)
            jobs.removeAll(keepingCapacity: true)
        }
    }

    enum Refusal {
        case closed
        case full(AppendLimit)
    }

    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let filled: UnsafeMutablePointer<pthread_cond_t>
    private var waiting = Delivery()
    private var waitingEvents = 0
    private var waitingBytes = 0
    private var isClosed = false

    init() {
        // Allocated, because pthread objects must not move.
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: pthread_mutex_t())
        unsafe filled = .allocate(capacity: 1)
        unsafe filled.initialize(to: pthread_cond_t())
        let codes = unsafe (pthread_mutex_init(lock, nil), Self.initialize(filled))
        precondition(codes == (0, 0), "a lock and a condition")
    }

    /// A condition whose waits are not moved by a clock that is set.
    private static func initialize(_ condition: UnsafeMutablePointer<pthread_cond_t>) -> Int32 {
        var attributes = pthread_condattr_t()
        // The attributes live during the calls; a monotonic clock always exists on Linux.
        unsafe pthread_condattr_init(&attributes)
        defer { unsafe pthread_condattr_destroy(&attributes) }
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        return unsafe pthread_cond_init(condition, &attributes)
    }

    deinit {
        // Whoever holds the lock holds a reference, so nobody does.
        unsafe pthread_cond_destroy(filled)
        unsafe pthread_mutex_destroy(lock)
        unsafe filled.deallocate()
        unsafe lock.deallocate()
    }

    /// Queues a submission, or says why not.
    func post(_ submission: Submission) -> Refusal? {
        // The pointers live as long as self.
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        if isClosed { return .closed }
        let bytes = submission.batch.byteCount
        let events = submission.batch.count
        if waiting.submissions.count >= LedgerLimits.queueBatchesMax { return .full(.queueBatches) }
        if waitingEvents + events > LedgerLimits.queueEventsMax { return .full(.queueEvents) }
        if waitingBytes + bytes > LedgerLimits.queueBytesMax { return .full(.queueBytes) }
        if waiting.isEmpty { unsafe pthread_cond_signal(filled) }
        waiting.submissions.append(submission)
        waitingEvents += events
        waitingBytes += bytes
        return nil
    }

    /// Queues a job, which runs after the batches that are taken together with it; or says why
    /// not.
    func post(_ job: CommitterJob) -> Refusal? {
        // The pointers live as long as self.
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        if isClosed { return .closed }
        if waiting.isEmpty { unsafe pthread_cond_signal(filled) }
        waiting.jobs.append(job)
        return nil
    }

    enum Taking {
        case delivered
        /// Nothing came in time.
        case late
        case closedAndDrained
    }

    /// Waits for something, until the monotonic time `deadline` in nanoseconds if there is one,
    /// and takes all there is into `emptied`, which lends its room for what comes meanwhile.
    func take(into emptied: inout Delivery, until deadline: UInt64?) -> Taking {
        precondition(emptied.isEmpty, "what was taken before is done")
        // The pointers live as long as self.
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        while waiting.isEmpty && !isClosed {
            guard wait(until: deadline) else { return .late }
        }
        swap(&waiting, &emptied)
        waitingEvents = 0
        waitingBytes = 0
        return emptied.isEmpty ? .closedAndDrained : .delivered
    }

    /// Sleeps under the lock until woken; false when `deadline` has come.
    private func wait(until deadline: UInt64?) -> Bool {
        // The pointers live as long as self; the time lives during the call.
        guard let deadline else { return unsafe pthread_cond_wait(filled, lock) == 0 }
        var time = timespec(
            tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        return unsafe pthread_cond_timedwait(filled, lock, &time) != ETIMEDOUT
    }

    /// Takes nothing more; what is queued is still delivered.
    func close() {
        // The pointers live as long as self.
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        isClosed = true
        unsafe pthread_cond_signal(filled)
    }
}
