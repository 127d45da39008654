internal import Glibc

/// A committer's thread, from its start until it was joined.
struct CommitterThread: ~Copyable, Sendable {
    private let thread: pthread_t

    init(_ committer: Committer) throws(LedgerError) {
        // The thread takes this reference over, and drops it when it is done.
        let argument = unsafe Unmanaged.passRetained(committer)
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                // Exactly the reference that was retained for the thread.
                let committer = unsafe Unmanaged<Committer>.fromOpaque(argument!)
                unsafe committer.takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            unsafe argument.release()
            throw .io(errno: code, "the committer's thread")
        }
        self.thread = thread
    }

    /// Waits for the thread's end; called by that thread itself, from a completion, it lets it
    /// end on its own.
    consuming func join() {
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            // Joined once: self is consumed.
            pthread_join(thread, nil)
        }
    }
}
