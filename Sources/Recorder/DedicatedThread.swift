internal import Glibc

/// A thread for work that blocks on the disk: an event loop must never do it, and the cooperative
/// pool has no thread to spare for it.
final class DedicatedThread: Sendable {
    private let handle: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(run: body))
        var handle = pthread_t()
        let status = pthread_create(&handle, nil, { raw in
            guard let raw else { return nil }
            Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
            return nil
        }, box.toOpaque())
        precondition(status == 0, "no thread could be made (pthread_create: \(status))")
        self.handle = handle
    }

    /// Waits until the body has returned. Once only: a joined thread is gone.
    func join() {
        pthread_join(handle, nil)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
