internal import Glibc

/// Many may hold it shared, or one alone. A thread that holds it shared may take it shared again,
/// also while another waits to be alone (glibc's default kind prefers readers), so that a read
/// inside a read does not lock up.
@safe  // the pointer is private, allocated once and freed once
final class ReadWriteGate: @unchecked Sendable {  // a pthread lock is made to be shared
    private let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        // Allocated, because a pthread lock must not move.
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: pthread_rwlock_t())
        let code = unsafe pthread_rwlock_init(lock, nil)
        precondition(code == 0, "a read-write lock")
    }

    deinit {
        // Whoever holds the gate holds a reference to it, so nobody does.
        unsafe pthread_rwlock_destroy(lock)
        unsafe lock.deallocate()
    }

    func shared<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        // EAGAIN would take four billion readers, EDEADLK a read inside `alone`: both are bugs.
        let code = unsafe pthread_rwlock_rdlock(lock)
        precondition(code == 0, "not taken alone by this thread")
        defer { unsafe pthread_rwlock_unlock(lock) }
        return try body()
    }

    func alone<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let code = unsafe pthread_rwlock_wrlock(lock)
        precondition(code == 0, "not taken by this thread")
        defer { unsafe pthread_rwlock_unlock(lock) }
        return try body()
    }
}
