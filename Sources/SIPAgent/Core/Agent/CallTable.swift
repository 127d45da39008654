import TrunkEvents

/// A call and the timer that wakes it.
struct OpenCall: Sendable {
    var call: Call
    var timer: (deadline: MonotonicInstant, id: TimerID)?
}

/// The calls that are not over. They lie side by side: a dictionary that held them itself would
/// take twice their size or more, since it is never full.
struct CallTable: ~Copyable, Sendable {
    private var slots: [CallID: SlotID] = [:]
    private var entries = Slab<OpenCall>()

    var count: Int { entries.count }
    var isEmpty: Bool { count == 0 }
    var keys: some Collection<CallID> { slots.keys }

    func contains(_ id: CallID) -> Bool { slots[id] != nil }

    func slot(of id: CallID) -> SlotID? { slots[id] }

    /// The call in its place.
    subscript(_ slot: SlotID) -> OpenCall {
        _read { yield entries[slot] }
        _modify { yield &entries[slot] }
    }

    /// A copy of the call.
    subscript(_ id: CallID) -> OpenCall? {
        slots[id].map { entries[$0] }
    }

    mutating func insert(_ call: Call) -> SlotID {
        precondition(slots[call.id] == nil, "a call id is given out once")
        let slot = entries.insert(OpenCall(call: call))
        slots[call.id] = slot
        return slot
    }

    mutating func remove(_ slot: SlotID) -> OpenCall {
        let entry = entries.remove(slot)
        slots[entry.call.id] = nil
        return entry
    }
}
