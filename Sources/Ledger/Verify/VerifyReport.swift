/// How far ``LedgerReader/verify(_:against:trusting:progress:)`` has come.
public struct VerifyProgress: Hashable, Sendable {
    /// The last position looked at.
    public let position: Position
    /// The last position there is.
    public let through: Position
}

/// Where a verification begins.
public enum VerifyScope: Hashable, Sendable {
    /// At the first event.
    case everything
    /// Behind the newest checkpoint whose signature is good and whose root the stored tree still
    /// gives; at the first event where there is none. Faults in older events are not found.
    case sinceCheckpoint
}

/// One thing that verification found wrong.
public struct VerifyFault: Hashable, Sendable {
    /// The first event that the fault affects; `.zero` when it affects the ledger as a whole.
    public let position: Position
    public let cause: Corruption
}

extension VerifyFault: CustomStringConvertible {
    public var description: String {
        position == .zero ? "\(cause)" : "position \(position): \(cause)"
    }
}

/// What ``LedgerReader/verify(_:against:trusting:progress:)`` found.
public struct VerifyReport: Hashable, Sendable {
    /// The head up to which the ledger was walked, as its last readable frame says.
    public let head: LedgerHead
    /// The root of the Merkle tree over all events up to the head; `nil` when some are damaged.
    public let root: MerkleHash?
    /// The last event that was not looked at, since a checkpoint vouches for it; or `.zero`.
    public let start: Position
    public let frames: Int
    public let events: UInt64
    /// Bytes of frames, as stored.
    public let bytes: UInt64
    /// Events of archived segments whose files could not be read: what the log keeps of them, their
    /// hashes and the chain, was checked; the events themselves were not.
    public let awayEvents: UInt64
    /// Signed tree heads that were held against the events.
    public let checkpoints: Int
    /// The faults in the order of their positions, at most ``LedgerLimits/verifyFaultsMax``.
    public let faults: [VerifyFault]
    /// How many faults there are, listed or not.
    public let faultCount: Int

    public var isSound: Bool { faultCount == 0 }

    init(
        head: LedgerHead, root: MerkleHash?, start: Position, frames: Int, events: UInt64,
        bytes: UInt64, awayEvents: UInt64, checkpoints: Int, faults: FaultList
    ) {
        self.head = head
        self.root = root
        self.start = start
        self.frames = frames
        self.events = events
        self.bytes = bytes
        self.awayEvents = awayEvents
        self.checkpoints = checkpoints
        self.faults = faults.faults.sorted { $0.position < $1.position }
        faultCount = faults.count
    }
}
