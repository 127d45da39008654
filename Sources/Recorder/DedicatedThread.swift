internal import Glibc

/// A thread for work that blocks on the disk: an event loop must never do it, and the cooperative
/// pool has no thread to spare for it.
final class DedicatedThread: Sendable {
    private let handle: pthread_t
    /// What can wait leaves the processor to the calls.
    private static let politeNice: Int32 = 10

    /// - Parameter givesWay: so do the threads that it makes.
    init(givesWay: Bool = false, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(
            Body {
                if givesWay { Self.giveWay() }
                body()
            })
        var handle = pthread_t()
        let status = pthread_create(&handle, nil, { raw in
            guard let raw else { return nil }
            Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
            return nil
        }, box.toOpaque())
        precondition(status == 0, "no thread could be made (pthread_create: \(status))")
        self.handle = handle
    }

    private static func giveWay() {
        // setpriority(2), C library/kernel differences: on Linux the nice value is a thread's.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, politeNice)
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
