import Ledger

/// Compares the pages of a rebuild with what is saved and stores them, behind the fold that makes
/// them, and puts what is complete in the place of what was saved: neither the fold nor other
/// rebuilds wait for the disk meanwhile.
// @unchecked: what is mutable is touched on `queue` alone, or once that is finished.
final class PageWriter: @unchecked Sendable {
    typealias Page = (key: String, value: [UInt8])

    private let queue = WorkQueue("pages", waitingMax: 2)
    /// `nil` where the pages are only compared, and once all is stored.
    private var store: (any ProjectionStore)?
    private let replace: () throws(LedgerError) -> Void
    /// `nil` where nothing is saved, and once all was compared.
    private var saved: SavedRows?
    private var isSame = true
    private var failure: LedgerError?

    /// - Parameter replace: called once all is stored and the store is closed.
    init(
        _ store: (any ProjectionStore)?, comparing saved: SavedRows?,
        replace: @escaping () throws(LedgerError) -> Void
    ) {
        self.store = store
        self.saved = saved
        self.replace = replace
    }

    /// Waits while the disk is too far behind.
    func take(_ pages: [Page]) {
        guard !pages.isEmpty else { return }
        queue.add {
            if let saved = self.saved, !pages.allSatisfy(saved.hold) { self.isSame = false }
            self.commit(pages)
        }
    }

    /// Lets go of the stores, once the fresh one holds `result` behind the pages; `nil` where the
    /// fold stopped: what was saved stays then.
    func end(with result: SavedProjection?) {
        queue.add {
            if let saved = self.saved, saved.count != result?.rowCount { self.isSame = false }
            self.saved = nil
            guard let result else { return self.store = nil }
            let isStored = self.store != nil
            self.commit([(key: StoreKey.state, value: result.encoded)])
            self.store = nil
            if isStored { self.attempt(self.replace) }
        }
    }

    private func commit(_ pages: [Page]) {
        guard let store else { return }
        attempt { () throws(LedgerError) in try store.commit(pages) }
    }

    /// Nothing more is done after a failure.
    private func attempt(_ body: () throws(LedgerError) -> Void) {
        guard failure == nil else { return }
        do throws(LedgerError) {
            try body()
        } catch {
            failure = error
        }
    }

    /// Whether all rows are those that were saved, once they are stored.
    func finish() throws(LedgerError) -> Bool {
        queue.finish()
        if let failure { throw failure }
        return isSame
    }
}
