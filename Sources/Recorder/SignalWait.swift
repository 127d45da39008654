internal import Glibc

/// The signals that steer the recorder, received one by one on the main thread.
///
/// A handler could do almost nothing safely (signal-safety(7)); a thread that waits can do
/// everything. Threads inherit the mask, so ``block()`` comes before the first of them.
enum SignalWait {
    enum Wish: Sendable {
        case stop
        case reload
        /// Another thread says that the recorder has ended, or somebody outside sent SIGUSR1.
        case ended
    }

    private static let steering = [SIGTERM, SIGINT, SIGHUP, SIGUSR1]

    static func block() {
        var set = steeringSet()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    static func next() -> Wish {
        var set = steeringSet()
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            switch number {
            case SIGHUP: return .reload
            case SIGUSR1: return .ended
            default: return .stop
            }
        }
    }

    static func announceEnd() {
        kill(getpid(), SIGUSR1)
    }

    private static func steeringSet() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in steering { sigaddset(&set, number) }
        return set
    }
}
