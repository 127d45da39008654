import TrunkEvents

/// What is kept of each call, by its id: encoded like a dictionary.
///
/// Values lie side by side and are changed where they lie, for every fact of a call. The hash
/// table holds their places only. Ids are made by ourselves, so that a multiplication hashes them
/// well enough (Knuth, The Art of Computer Programming 3, section 6.4).
struct CallTable<Value: Sendable>: Sendable {
    private(set) var ids: [CallID] = []
    var values: [Value] = []
    /// 1 + the place of a value, or 0; at most half full, a power of two.
    private var slots: [UInt32]

    init() { slots = Array(repeating: 0, count: Self.slotsMin) }

    private static var slotsMin: Int { 16 }

    var count: Int { ids.count }

    /// Where in ``values`` that call's is.
    func place(of id: CallID) -> Int? {
        var slot = home(of: id)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if ids[place] == id { return place }
            slot = after(slot)
        }
        return nil
    }

    /// Adds a call that is not there, behind all others.
    mutating func append(_ id: CallID, _ value: Value) {
        if (count + 1) * 2 > slots.count { grow() }
        ids.append(id)
        values.append(value)
        slots[freeSlot(for: id)] = UInt32(count)
    }

    /// Takes out the call there. The last one takes its place.
    @discardableResult
    mutating func remove(at place: Int) -> Value {
        empty(slot(holding: place))
        let last = count - 1
        if place != last {
            slots[slot(holding: last)] = UInt32(place + 1)
            ids.swapAt(place, last)
            values.swapAt(place, last)
        }
        ids.removeLast()
        return values.removeLast()
    }

    private func home(of id: CallID) -> Int {
        // 2^64 divided by the golden ratio; the highest bits are the best mixed.
        let product = id.rawValue &* 0x9E37_79B9_7F4A_7C15
        return Int(product &>> UInt64(64 - slots.count.trailingZeroBitCount))
    }

    private func after(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }

    private func slot(holding place: Int) -> Int {
        var slot = home(of: ids[place])
        while Int(slots[slot]) != place + 1 { slot = after(slot) }
        return slot
    }

    private func freeSlot(for id: CallID) -> Int {
        var slot = home(of: id)
        while slots[slot] != 0 { slot = after(slot) }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for (place, id) in ids.enumerated() { slots[freeSlot(for: id)] = UInt32(place + 1) }
    }

    /// Empties a slot and moves up what was put behind it for want of it (Knuth, Algorithm 6.4R).
    private mutating func empty(_ slot: Int) {
        let mask = slots.count - 1
        var hole = slot
        var next = after(slot)
        while slots[next] != 0 {
            let home = home(of: ids[Int(slots[next]) - 1])
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = after(next)
        }
        slots[hole] = 0
    }
}

extension CallTable: StateCodable where Value: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        let order = ids.enumerated().sorted { $0.element.isEncodedBefore($1.element) }
        for (place, id) in order {
            encoder.write(id)
            encoder.write(values[place])
        }
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init()
        try decoder.readCalls { (id, decoder) throws(StateDecodingError) in
            let value: Value = try decoder.read()
            append(id, value)
        }
    }
}

extension CallID {
    /// Whether its encoding, read as text, comes before that of another id.
    func isEncodedBefore(_ other: CallID) -> Bool {
        rawValue.byteSwapped < other.rawValue.byteSwapped
    }
}

extension StateDecoder {
    /// Reads what was encoded by call, which stands in the order of the encoded ids.
    mutating func readCalls(
        _ body: (CallID, inout StateDecoder) throws(StateDecodingError) -> Void
    ) throws(StateDecodingError) {
        let count: UInt64 = try integer()
        var previous: CallID?
        for _ in 0..<count {
            let start = offset
            let id: CallID = try read()
            if let previous, !previous.isEncodedBefore(id) { throw .invalidValue(offset: start) }
            previous = id
            try body(id, &self)
        }
    }
}
