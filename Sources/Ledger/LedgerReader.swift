/// Reads a ledger, from any process.
public final class LedgerReader: Sendable {
    init() {}
    public static func open(_ path: String) throws(LedgerError) -> LedgerReader { LedgerReader() }
    public func head() throws(LedgerError) -> LedgerHead { fatalError() }
    public func read(
        from: Position = .first, through: Position? = nil,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {}
    public func read(
        stream: StreamID, from: Position = .first, through: Position? = nil,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {}
    /// The chain value of the frame that ends at `position`; the ledger's own first link at
    /// `.zero`; `nil` where no frame ends.
    public func link(at position: Position) throws(LedgerError) -> Link? { nil }
    public func follow(
        from: Position, until stop: () -> Bool, _ body: (borrowing EventView) throws -> ReadStep
    ) throws {}
    public func verify(
        progress: ((VerifyProgress) -> Void)? = nil
    ) throws(LedgerError) -> VerifyReport { fatalError() }
}
