import TrunkEvents

/// Calls by our tag on one of their legs.
///
/// A tag of ours has 60 random bits; whether a message that bears it belongs to the dialog is seen
/// from its other names (`Dialog.matches`).
struct DialogTable: Sendable {
    private var calls: [Fingerprint: CallID] = [:]

    var count: Int { calls.count }

    subscript(_ tag: Bytes) -> CallID? {
        get { calls[Fingerprint(of: tag)] }
        set { calls[Fingerprint(of: tag)] = newValue }
    }

    subscript(_ tag: [UInt8]) -> CallID? {
        get { self[tag[...]] }
        set { self[tag[...]] = newValue }
    }
}
