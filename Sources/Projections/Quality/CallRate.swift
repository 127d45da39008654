import Ledger
import TrunkEvents

/// The most events within any window of one second, of events that come in order.
struct CallRate: Hashable, Sendable {
    static let window = Nanoseconds.seconds(1)

    private(set) var peak: UInt64 = 0
    /// The monotonic instants of the window, oldest first from `head` on.
    private var recent: [UInt64] = []
    private var head = 0
    private var boot: BootID?

    mutating func add(_ stamp: Stamp) {
        if stamp.boot != boot {
            // Clocks of two boots cannot be compared.
            boot = stamp.boot
            recent.removeAll(keepingCapacity: true)
            head = 0
        }
        let now = stamp.monotonic.nanoseconds
        while head < recent.count, now &- recent[head] >= UInt64(Self.window.count) { head += 1 }
        if head > 1_024, head * 2 > recent.count {
            recent.removeFirst(head)
            head = 0
        }
        recent.append(now)
        peak = max(peak, UInt64(recent.count - head))
    }
}
