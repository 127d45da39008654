import Ledger

/// Digests the pages of a rebuild and stores them, behind the fold that makes them: it need not
/// wait for the disk.
// @unchecked: what is mutable is touched on `queue` alone, or once that is finished.
final class PageWriter: @unchecked Sendable {
    typealias Page = (key: String, value: [UInt8])

    private let queue = WorkQueue("pages", waitingMax: 2)
    /// `nil` where the pages are only compared.
    private var store: (any ProjectionStore)?
    private var digest = DigestBuilder()
    private var failure: LedgerError?

    init(_ store: (any ProjectionStore)?) {
        self.store = store
    }

    /// Waits while the disk is too far behind.
    func take(_ pages: [Page]) {
        guard !pages.isEmpty else { return }
        queue.add { self.write(pages) }
    }

    private func write(_ pages: [Page]) {
        for page in pages { digest.append(page.value) }
        guard failure == nil, let store else { return }
        do throws(LedgerError) {
            try store.commit(pages)
        } catch {
            failure = error
        }
    }

    /// Of all pages, once they are stored. Lets go of the store.
    func finish() throws(LedgerError) -> DigestBuilder {
        queue.finish()
        store = nil
        if let failure { throw failure }
        return digest
    }
}
