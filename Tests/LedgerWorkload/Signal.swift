import Dispatch

/// Something that happens once.
struct Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func raise() { semaphore.signal() }
    func wait() { semaphore.wait() }
}
