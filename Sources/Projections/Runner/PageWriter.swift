import Ledger

/// Digests the pages of a rebuild and stores them, behind the fold that makes them, and puts what
/// is complete in the place of what was saved: neither the fold nor other rebuilds wait for the
/// disk meanwhile.
// @unchecked: what is mutable is touched on `queue` alone, or once that is finished.
final class PageWriter: @unchecked Sendable {
    typealias Page = (key: String, value: [UInt8])

    private let queue = WorkQueue("pages", waitingMax: 2)
    /// `nil` where the pages are only compared, and once all is stored.
    private var store: (any ProjectionStore)?
    private let replace: () throws(LedgerError) -> Void
    private var digest = DigestBuilder()
    private var failure: LedgerError?

    /// - Parameter replace: called once all is stored and the store is closed.
    init(
        _ store: (any ProjectionStore)?, replace: @escaping () throws(LedgerError) -> Void
    ) {
        self.store = store
        self.replace = replace
    }

    /// Waits while the disk is too far behind.
    func take(_ pages: [Page]) {
        guard !pages.isEmpty else { return }
        queue.add {
            for page in pages { self.digest.append(page.value) }
            self.commit(pages)
        }
    }

    /// Lets go of the store, once it holds `saved` behind the pages; `nil` where the fold stopped:
    /// what was saved stays then.
    func end(with saved: SavedProjection?) {
        queue.add {
            guard let saved else { return self.store = nil }
            self.digest.append(saved.state)
            let isStored = self.store != nil
            self.commit([(key: StoreKey.state, value: saved.encoded)])
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

    /// Of all pages and the state, once they are stored.
    func finish() throws(LedgerError) -> Digest {
        queue.finish()
        if let failure { throw failure }
        return digest.finish()
    }
}
