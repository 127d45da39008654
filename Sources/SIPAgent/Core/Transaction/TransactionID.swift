/// Names one client transaction of one layer; never used again for another one.
struct ClientTransactionID: Hashable, Sendable {
    let slot: SlotID
}

/// Names one server transaction of one layer; never used again for another one.
struct ServerTransactionID: Hashable, Sendable {
    let slot: SlotID
}
