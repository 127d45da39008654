/// How a ledger is opened for writing.
public struct LedgerOptions: Sendable {
    /// Address space of the map, in bytes: the ledger cannot outgrow it. Opening an existing
    /// ledger never makes it smaller than its data; 0 leaves it as it was made.
    public var mapBytes: Int
    /// Disk space kept back so that reserve appends land on a full disk, in bytes; 0 for none.
    public var reserveBytes: Int
    /// What is sealed in the background; `nil` for nothing, unless ``LedgerWriter/seal(through:)``
    /// is called.
    public var sealing: SealingPolicy?
    /// What a receipt is worth; by default it outlives everything.
    public var durability: Durability

    public init(
        mapBytes: Int = LedgerLimits.mapBytes, reserveBytes: Int = LedgerLimits.reserveBytes,
        sealing: SealingPolicy? = nil, durability: Durability = .losesNothing
    ) {
        self.mapBytes = mapBytes
        self.reserveBytes = reserveBytes
        self.sealing = sealing
        self.durability = durability
    }
}
