import TrunkEvents

/// Names one timer of one wheel; never used again for another one.
struct TimerID: Hashable, Sendable {
    fileprivate let index: UInt32
    fileprivate let generation: UInt32
}

/// Timers with ticks of 10 ms: starting and stopping one takes constant time.
///
/// Seven levels of 64 slots. A slot of level 0 is one tick, one of each further level as much as
/// the whole level below it. A timer waits at the level of the highest six bits in which its tick
/// differs from the wheel's; when the wheel reaches its slot it moves down. So each timer of a
/// level is due before all timers of the levels above it. Timers fire up to one tick late, never
/// early; those of one tick in the order in which they reached its slot.
struct TimerWheel<Payload: Sendable>: Sendable {
    private struct Node: Sendable {
        /// `nil` in the heads of lists and in free nodes.
        var payload: Payload?
        var tick: UInt64 = 0
        var next: UInt32
        var previous: UInt32
        var generation: UInt32 = 0
    }

    private static var tickNanoseconds: UInt64 { 10_000_000 }
    private static var levels: Int { 7 }
    private static var slotsPerLevel: Int { 64 }
    private static var heads: Int { levels * slotsPerLevel }
    private static var none: UInt32 { .max }

    /// First one head per slot, each of a circular list; then the timers.
    private var nodes: [Node]
    /// One bit per slot that holds a timer.
    private var occupied: [UInt64]
    private var firstFree = none
    /// No timer is due before this tick.
    private var tick: UInt64 = 0
    private(set) var count = 0

    init() {
        nodes = (0..<UInt32(Self.heads)).map { Node(payload: nil, next: $0, previous: $0) }
        occupied = Array(repeating: 0, count: Self.levels)
    }

    /// When `popExpired` has something to do: to fire a timer or to move timers down. Never later
    /// than the earliest timer's tick.
    var nextDeadline: MonotonicInstant? {
        guard let slot = earliestSlot else { return nil }
        return MonotonicInstant(nanoseconds: slot.tick &* Self.tickNanoseconds)
    }

    mutating func insert(_ payload: Payload, at deadline: MonotonicInstant) -> TimerID {
        let (whole, rest) = deadline.nanoseconds.quotientAndRemainder(
            dividingBy: Self.tickNanoseconds)
        let index = takeNode()
        nodes[Int(index)].payload = payload
        nodes[Int(index)].tick = max(tick, rest == 0 ? whole : whole + 1)
        nodes[Int(index)].generation &+= 1
        count += 1
        link(index)
        return TimerID(index: index, generation: nodes[Int(index)].generation)
    }

    /// Says whether the timer was still running.
    @discardableResult
    mutating func cancel(_ id: TimerID) -> Bool {
        let node = nodes[Int(id.index)]
        guard node.generation == id.generation, node.payload != nil else { return false }
        unlink(id.index)
        release(id.index)
        return true
    }

    /// Takes the earliest timer that is due at `now`; call it until it returns `nil`.
    mutating func popExpired(at now: MonotonicInstant) -> Payload? {
        let nowTick = now.nanoseconds / Self.tickNanoseconds
        while let slot = earliestSlot, slot.tick <= nowTick {
            tick = max(tick, slot.tick)
            if slot.level == 0 {
                let index = nodes[slot.head].next
                let payload = nodes[Int(index)].payload
                unlink(index)
                release(index)
                return payload
            }
            moveDown(slot.head)
        }
        tick = max(tick, nowTick)
        return nil
    }

    private struct Slot {
        var level: Int
        var head: Int
        /// Its first tick.
        var tick: UInt64
    }

    private var earliestSlot: Slot? {
        for level in 0..<Self.levels where occupied[level] != 0 {
            let slot = occupied[level].trailingZeroBitCount
            let shift = UInt64(level * 6)
            let start = (tick >> (shift + 6)) << (shift + 6) | UInt64(slot) << shift
            return Slot(level: level, head: level * Self.slotsPerLevel + slot, tick: start)
        }
        return nil
    }

    /// Puts a timer at the end of the list of its slot.
    private mutating func link(_ index: UInt32) {
        let due = nodes[Int(index)].tick
        let differing = due ^ tick
        let level = differing == 0 ? 0 : (63 - differing.leadingZeroBitCount) / 6
        let slot = Int(due >> UInt64(level * 6) & 63)
        let head = UInt32(level * Self.slotsPerLevel + slot)
        let last = nodes[Int(head)].previous
        nodes[Int(index)].next = head
        nodes[Int(index)].previous = last
        nodes[Int(last)].next = index
        nodes[Int(head)].previous = index
        occupied[level] |= 1 << UInt64(slot)
    }

    private mutating func unlink(_ index: UInt32) {
        let next = nodes[Int(index)].next
        let previous = nodes[Int(index)].previous
        nodes[Int(next)].previous = previous
        nodes[Int(previous)].next = next
        if next == previous {
            // Only a head is its own neighbour: its list is empty now.
            occupied[Int(next) / Self.slotsPerLevel] &= ~(1 << UInt64(Int(next) % 64))
        }
    }

    private mutating func moveDown(_ head: Int) {
        while nodes[head].next != UInt32(head) {
            let index = nodes[head].next
            unlink(index)
            link(index)
        }
    }

    private mutating func takeNode() -> UInt32 {
        if firstFree != Self.none {
            let index = firstFree
            firstFree = nodes[Int(index)].next
            return index
        }
        nodes.append(Node(payload: nil, next: Self.none, previous: Self.none))
        return UInt32(nodes.count - 1)
    }

    private mutating func release(_ index: UInt32) {
        nodes[Int(index)].payload = nil
        nodes[Int(index)].next = firstFree
        firstFree = index
        count -= 1
    }
}
