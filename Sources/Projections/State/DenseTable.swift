import TrunkEvents

/// A key of a ``DenseTable``.
protocol DenseKey: Hashable, Sendable {
    /// A number that is another one for most other keys.
    var mixed: UInt64 { get }
}

extension CallID: DenseKey {
    var mixed: UInt64 { rawValue }
}

extension TrunkName: DenseKey {
    var mixed: UInt64 { name.mixed }
}

/// A table whose values lie side by side and are changed where they lie, for every event. The hash
/// table holds their places only.
///
/// A dictionary's value is changed in place through a coroutine, whose frame comes from the heap;
/// an array's element is not. Keys are made by ourselves, so that a multiplication hashes them
/// well enough (Knuth, The Art of Computer Programming 3, section 6.4).
struct DenseTable<Key: DenseKey, Value: Sendable>: Sendable {
    private(set) var keys: [Key] = []
    var values: [Value] = []
    /// 1 + the place of a value, or 0; at most half full, a power of two.
    private var slots: [UInt32]
    /// Where the key was that was found, or added, last.
    private var recent = 0

    init() { slots = Array(repeating: 0, count: Self.slotsMin) }

    private static var slotsMin: Int { 16 }

    var count: Int { keys.count }

    /// Where in ``values`` that of a key is.
    func place(of key: Key) -> Int? {
        var slot = home(of: key)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if keys[place] == key { return place }
            slot = after(slot)
        }
        return nil
    }

    /// The same, for whoever asks for one key several times in turn, as the facts of a call come.
    mutating func find(_ key: Key) -> Int? {
        if recent < keys.count, keys[recent] == key { return recent }
        guard let place = place(of: key) else { return nil }
        recent = place
        return place
    }

    /// Adds a key that is not there, behind all others.
    mutating func append(_ key: Key, _ value: consuming Value) {
        if (count + 1) * 2 > slots.count { grow() }
        recent = count
        keys.append(key)
        values.append(value)
        slots[freeSlot(for: key)] = UInt32(count)
    }

    /// Takes out the key there. The last one takes its place.
    mutating func remove(at place: Int) {
        empty(slot(holding: place))
        let last = count - 1
        guard place != last else {
            keys.removeLast()
            values.removeLast()
            return
        }
        slots[slot(holding: last)] = UInt32(place + 1)
        keys[place] = keys.removeLast()
        // Moved once: a swap, or a value handed out, would copy what is large.
        values[place] = values.removeLast()
    }

    /// The same, for whoever goes on with the value.
    mutating func take(at place: Int) -> Value {
        let value = values[place]
        remove(at: place)
        return value
    }

    /// Changes the value of a key, which begins as `initial`.
    mutating func changeOrMake(
        _ key: Key, _ initial: @autoclosure () -> Value, _ body: (inout Value) -> Void
    ) {
        if let place = place(of: key) { return body(&values[place]) }
        append(key, initial())
        body(&values[count - 1])
    }

    private func home(of key: Key) -> Int {
        // 2^64 divided by the golden ratio; the highest bits are the best mixed.
        let product = key.mixed &* 0x9E37_79B9_7F4A_7C15
        return Int(product &>> UInt64(64 - slots.count.trailingZeroBitCount))
    }

    private func after(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }

    private func slot(holding place: Int) -> Int {
        var slot = home(of: keys[place])
        while Int(slots[slot]) != place + 1 { slot = after(slot) }
        return slot
    }

    private func freeSlot(for key: Key) -> Int {
        var slot = home(of: key)
        while slots[slot] != 0 { slot = after(slot) }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for (place, key) in keys.enumerated() { slots[freeSlot(for: key)] = UInt32(place + 1) }
    }

    /// Empties a slot and moves up what was put behind it for want of it (Knuth, Algorithm 6.4R).
    private mutating func empty(_ slot: Int) {
        let mask = slots.count - 1
        var hole = slot
        var next = after(slot)
        while slots[next] != 0 {
            let home = home(of: keys[Int(slots[next]) - 1])
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = after(next)
        }
        slots[hole] = 0
    }
}

extension DenseTable {
    init(_ dictionary: [Key: Value]) {
        self.init()
        for (key, value) in dictionary { append(key, value) }
    }

    var dictionary: [Key: Value] { Dictionary(uniqueKeysWithValues: zip(keys, values)) }
}
