/// A small durable key/value store in a directory of its own.
public final class StateStore: Sendable {
    init() {}
    public static func open(
        _ path: String, readOnly: Bool = false
    ) throws(LedgerError) -> StateStore { StateStore() }
    public func load(_ key: String) throws(LedgerError) -> [UInt8]? { nil }
    public func commit(_ entries: [(key: String, value: [UInt8])]) throws(LedgerError) {}
}
