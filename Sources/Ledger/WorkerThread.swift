internal import Glibc

/// A thread of the ledger's own, from its start until it was joined.
struct WorkerThread: ~Copyable, Sendable {
    private let thread: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// `name` is what it does, for an error.
    init(_ name: String, _ run: @escaping @Sendable () -> Void) throws(LedgerError) {
        // The thread takes this reference over, and drops it when it is done.
        let argument = unsafe Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                // Exactly the reference that was retained for the thread.
                let body = unsafe Unmanaged<Body>.fromOpaque(argument!)
                unsafe body.takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            unsafe argument.release()
            throw .io(errno: code, name)
        }
        self.thread = thread
    }

    /// Whether this very thread asks.
    var isCurrent: Bool { pthread_equal(thread, pthread_self()) != 0 }

    /// Waits for the thread's end; called by that thread itself, it lets it end on its own.
    consuming func join() {
        if isCurrent {
            pthread_detach(thread)
        } else {
            // Joined once: self is consumed.
            pthread_join(thread, nil)
        }
    }

    /// Lets the thread end on its own.
    consuming func detach() {
        // Not joined any more: self is consumed.
        pthread_detach(thread)
    }
}
