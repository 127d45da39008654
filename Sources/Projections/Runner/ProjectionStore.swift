public import Ledger

/// Where a projection's state and rows are kept: a ``StateStore``, or a dictionary in tests.
public protocol ProjectionStore: Sendable {
    func load(_ key: String) throws(LedgerError) -> [UInt8]?
    /// All entries or none.
    func commit(_ entries: [(key: String, value: [UInt8])]) throws(LedgerError)
}

extension StateStore: ProjectionStore {}

/// Names of what a projection saves.
enum StoreKey {
    /// Cursor and state in one value: whoever reads it sees both of the same commit.
    static let state = "state"

    /// The page of that number, counted from 0.
    static func rows(_ page: UInt64) -> String {
        let digits = String(page, radix: 16)
        return "rows/" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
