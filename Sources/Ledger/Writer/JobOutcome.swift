internal import Glibc

/// What became of a job, for the thread that waits for it.
@safe  // the pointer is private, allocated once and freed once
final class JobOutcome: @unchecked Sendable {  // `error` is read after the semaphore, set before
    private let settled: UnsafeMutablePointer<sem_t>
    private var error: LedgerError?

    init() {
        // Allocated, because a semaphore must not move.
        unsafe settled = .allocate(capacity: 1)
        // sem_init only fails for a value or a sharing that this does not ask for.
        unsafe sem_init(settled, 0, 0)
    }

    deinit {
        // Nobody waits: the waiter has the last reference.
        unsafe sem_destroy(settled)
        unsafe settled.deallocate()
    }

    /// Called once.
    func settle(_ error: LedgerError?) {
        self.error = error
        // The pointer lives as long as self.
        unsafe sem_post(settled)
    }

    func wait() throws(LedgerError) {
        // Interrupted by a signal, it is waited for again.
        while unsafe sem_wait(settled) != 0 {}
        if let error { throw error }
    }
}
