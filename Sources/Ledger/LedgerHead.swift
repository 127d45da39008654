/// How far a ledger has grown.
public struct LedgerHead: Hashable, Sendable {
    public let ledger: LedgerID
    /// The last event's position; `.zero` when nothing was recorded yet.
    public let position: Position
    /// The chain value at `position`.
    public let link: Link

    public init(ledger: LedgerID, position: Position, link: Link) {
        self.ledger = ledger
        self.position = position
        self.link = link
    }
}

/// Where a batch landed, durably.
public struct AppendReceipt: Hashable, Sendable {
    public let first: Position
    public let last: Position

    public init(first: Position, last: Position) {
        self.first = first
        self.last = last
    }
}
