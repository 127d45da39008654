import Ledger

/// The rows that a rebuild is held against.
struct SavedRows {
    private let store: any ProjectionStore
    let count: UInt64

    init(_ count: UInt64, in store: any ProjectionStore) {
        self.store = store
        self.count = count
    }

    /// Whether the page is saved as it is, byte for byte. There may be more behind it: rows are
    /// written ahead of the state that counts them. What cannot be read differs.
    func hold(_ page: PageWriter.Page) -> Bool {
        guard let saved = try? store.load(page.key), saved.count >= page.value.count else {
            return false
        }
        let bytes = saved.span.bytes.extracting(..<page.value.count)
        return bytes.hasSameBytes(as: page.value.span.bytes)
    }
}
