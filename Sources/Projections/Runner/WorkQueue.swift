import Dispatch

/// Work that is done on another thread, in the order in which it is handed over; whoever is too far
/// ahead waits.
final class WorkQueue: Sendable {
    private let queue: DispatchQueue
    private let room: DispatchSemaphore

    /// - Parameter waitingMax: pieces that may wait: enough that no thread stands still, few enough
    ///   to hold.
    init(_ name: String, waitingMax: Int) {
        queue = DispatchQueue(label: "trunkledger.\(name)")
        room = DispatchSemaphore(value: waitingMax)
    }

    func add(_ work: @escaping @Sendable () -> Void) {
        room.wait()
        queue.async { [room] in
            work()
            room.signal()
        }
    }

    /// Waits for all that was added.
    func finish() { queue.sync {} }
}
