/// A place in a slab and how often it has been given out: an old id never finds a new tenant.
struct SlotID: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// Elements that keep their place while they live, found by id in constant time.
///
/// Safe to use: each access to the block below is behind the check that the place is taken.
@safe struct Slab<Element: ~Copyable>: ~Copyable {
    private struct Place {
        /// Odd while taken.
        var generation: UInt32 = 0
        var nextFree: UInt32 = 0
    }

    private var places: [Place] = []
    /// As many as `places`; initialised where the place is taken.
    private var elements: UnsafeMutablePointer<Element>
    private var capacity = 0
    private var firstFree: UInt32?
    private(set) var count = 0

    init() {
        // No elements yet: the first insertion allocates.
        unsafe elements = .allocate(capacity: 0)
    }

    deinit {
        for index in places.indices where places[index].generation & 1 == 1 {
            // A taken place is initialised.
            unsafe (elements + index).deinitialize(count: 1)
        }
        unsafe elements.deallocate()
    }

    func contains(_ id: SlotID) -> Bool {
        Int(id.index) < places.count && places[Int(id.index)].generation == id.generation
            && id.generation & 1 == 1
    }

    subscript(_ id: SlotID) -> Element {
        _read {
            precondition(contains(id), "the slot was given back")
            // Just checked: the place is taken, so initialised.
            yield unsafe elements[Int(id.index)]
        }
        _modify {
            precondition(contains(id), "the slot was given back")
            // Just checked: the place is taken, so initialised.
            yield unsafe &elements[Int(id.index)]
        }
    }

    mutating func insert(_ element: consuming Element) -> SlotID {
        let index = takePlace()
        places[Int(index)].generation &+= 1
        count += 1
        // The place was free, so not initialised, and lies below the capacity.
        unsafe (elements + Int(index)).initialize(to: element)
        return SlotID(index: index, generation: places[Int(index)].generation)
    }

    mutating func remove(_ id: SlotID) -> Element {
        precondition(contains(id), "the slot was given back")
        let index = Int(id.index)
        places[index].generation &+= 1
        places[index].nextFree = firstFree ?? UInt32.max
        firstFree = id.index
        count -= 1
        // It was taken, so initialised; the place is marked free above.
        return unsafe (elements + index).move()
    }

    private mutating func takePlace() -> UInt32 {
        if let free = firstFree {
            let next = places[Int(free)].nextFree
            firstFree = next == UInt32.max ? nil : next
            return free
        }
        if places.count == capacity { grow() }
        places.append(Place())
        return UInt32(places.count - 1)
    }

    /// All places are taken when this is called, so all elements move.
    private mutating func grow() {
        let larger = max(64, capacity * 2)
        // Both blocks hold at least `places.count` elements; the old one is not used again.
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        unsafe moved.moveInitialize(from: elements, count: places.count)
        unsafe elements.deallocate()
        unsafe elements = moved
        capacity = larger
    }
}

/// Unchecked because of the pointer: the slab alone owns its block, and it cannot be copied.
extension Slab: @unchecked Sendable where Element: ~Copyable & Sendable {}
