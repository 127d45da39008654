/// The one writer of a ledger.
public final class LedgerWriter: Sendable {
    init() {}
    public static func open(
        _ path: String, options: LedgerOptions = LedgerOptions()
    ) throws(LedgerError) -> LedgerWriter { LedgerWriter() }
    public func append(
        _ batch: consuming EventBatch, reserve: Bool = false,
        completion: @escaping @Sendable (Result<AppendReceipt, LedgerError>) -> Void
    ) {}
    public func append(
        _ batch: consuming EventBatch, reserve: Bool = false
    ) async throws(LedgerError) -> AppendReceipt { fatalError() }
    public var head: LedgerHead { fatalError() }
    public var bootID: BootID { fatalError() }
    public var reader: LedgerReader { fatalError() }
    public func close() {}
}
