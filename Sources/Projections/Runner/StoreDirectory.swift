import Glibc
import Ledger

/// `LEDGER/projections/`, with one store for each projection and version.
///
/// Another version of a projection is another store: the old one answers the old program until
/// the new one is complete, and goes then.
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
                store: try store(of: P.self), head: head,
                linkAt: { (position) throws(LedgerError) in try reader.link(at: position) })
        } catch {
            throw .ledger(error)
        }
    }

    /// An owner's rebuild is folded into a store of its own, which takes the place of the saved one
    /// once it is complete.
    func rebuild<P: PagedFold>(
        _ head: LedgerHead, _ reader: LedgerReader
    ) throws(LedgerError) -> Rebuild<P> {
        let saved = try? StateStore.open(directory(of: P.self), readOnly: true)
        var fresh: StateStore?
        if mode == .owner {
            StateStore.remove(freshDirectory(of: P.self))
            fresh = try StateStore.open(freshDirectory(of: P.self))
        }
        return try Rebuild(
            saved: saved, into: fresh,
            replace: { () throws(LedgerError) in
                try StateStore.replace(
                    directory(of: P.self), by: freshDirectory(of: P.self))
            }, head: head,
            linkAt: { (position) throws(LedgerError) in try reader.link(at: position) })
    }

    /// A reader does without what is not there or cannot be read: it folds from event 1.
    private func store<P: Projection>(
        of projection: P.Type
    ) throws(LedgerError) -> (any ProjectionStore)? {
        let directory = directory(of: projection)
        switch mode {
        case .owner: return try StateStore.open(directory)
        case .reader: return try? StateStore.open(directory, readOnly: true)
        }
    }

    func directory<P: Projection>(of projection: P.Type) -> String {
        "\(path)/\(P.name)-\(P.version)"
    }

    private func freshDirectory<P: Projection>(of projection: P.Type) -> String {
        directory(of: projection) + ".next"
    }

    /// Removes the stores of other versions; for an owner whose own are complete.
    func removeOtherVersions<P: Projection>(of projection: P.Type) {
        for name in entryNames() {
            // The earliest programs had no version in the name.
            let version = name.dropFirst(P.name.count + 1).prefix { $0 != "." }
            guard name == P.name || name.hasPrefix(P.name + "-"), version != "\(P.version)",
                version.allSatisfy(\.isNumber)
            else { continue }
            StateStore.remove("\(path)/\(name)")
        }
    }

    private func entryNames() -> [String] {
        guard let entries = opendir(path) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }
}
