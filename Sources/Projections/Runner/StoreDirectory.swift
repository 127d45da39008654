import Glibc
import Ledger

/// `LEDGER/projections/`, with one store per projection.
struct StoreDirectory {
    let path: String
    let mode: LedgerProjections.Mode

    init(ledger: String, mode: LedgerProjections.Mode) {
        path = ledger + "/projections"
        self.mode = mode
    }

    /// Makes the directory, for an owner.
    func prepare() throws(ProjectionError) {
        guard mode == .owner else { return }
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw .directory(path: path, errno: errno)
    }

    func head(of reader: LedgerReader) throws(ProjectionError) -> LedgerHead {
        do throws(LedgerError) { return try reader.head() } catch { throw .ledger(error) }
    }

    func runner<P: Projection>(
        _ head: LedgerHead, _ reader: LedgerReader
    ) throws(ProjectionError) -> ProjectionRunner<P> {
        do throws(LedgerError) {
            return try ProjectionRunner(
                store: try store(P.name), head: head,
                linkAt: { (position) throws(LedgerError) in try reader.link(at: position) })
        } catch {
            throw .ledger(error)
        }
    }

    func rebuild<P: Projection>(
        _ head: LedgerHead, _ reader: LedgerReader
    ) throws(LedgerError) -> Rebuild<P> {
        try Rebuild(
            store: try store(P.name), saves: mode == .owner, head: head,
            linkAt: { (position) throws(LedgerError) in try reader.link(at: position) })
    }

    /// A reader does without what is not there or cannot be read: it folds from event 1.
    func store(_ name: String) throws(LedgerError) -> (any ProjectionStore)? {
        let directory = "\(path)/\(name)"
        switch mode {
        case .owner: return try StateStore.open(directory)
        case .reader: return try? StateStore.open(directory, readOnly: true)
        }
    }
}
