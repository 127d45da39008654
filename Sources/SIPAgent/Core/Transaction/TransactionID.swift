/// Names one client transaction of one layer; never used again for another one.
struct ClientTransactionID: Hashable, Sendable {
    let slot: SlotID
}

/// Names one server transaction of one layer; never used again for another one.
struct ServerTransactionID: Hashable, Sendable {
    let slot: SlotID
}

/// A place in a slab and how often it has been given out: an old id never finds a new tenant.
struct SlotID: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}
