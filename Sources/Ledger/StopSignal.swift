internal import Glibc

/// Tells a thread to end, and lets it sleep until then.
@safe  // the pointers are private, allocated once and freed once
final class StopSignal: @unchecked Sendable {  // `isUp` is only touched under `lock`
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var isUp = false

    init() {
        // Allocated, because pthread objects must not move.
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: pthread_mutex_t())
        unsafe changed = .allocate(capacity: 1)
        unsafe changed.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        // The attributes live until the condition has taken them over.
        let codes = unsafe [
            pthread_condattr_init(&attributes),
            // A sleep is as long as it should be, wherever the wall clock is set.
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC),
            pthread_mutex_init(lock, nil), pthread_cond_init(changed, &attributes),
            pthread_condattr_destroy(&attributes),
        ]
        precondition(codes.allSatisfy { $0 == 0 }, "a lock and a condition")
    }

    deinit {
        // Whoever holds the lock holds a reference, so nobody does.
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(lock)
        unsafe changed.deallocate()
        unsafe lock.deallocate()
    }

    func raise() {
        // The pointers live as long as self.
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        isUp = true
        unsafe pthread_cond_broadcast(changed)
    }

    var isRaised: Bool { wait(nanoseconds: 0) }

    /// Sleeps for so long at most; true as soon as it is raised, then and ever after.
    func wait(nanoseconds: UInt64) -> Bool {
        let total = monotonicNanoseconds() + nanoseconds
        var until = timespec(
            tv_sec: Int(total / 1_000_000_000), tv_nsec: Int(total % 1_000_000_000))
        // The pointers live as long as self.
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        while !isUp {
            if unsafe pthread_cond_timedwait(changed, lock, &until) == ETIMEDOUT { break }
        }
        return isUp
    }
}
