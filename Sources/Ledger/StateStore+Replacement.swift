internal import CLMDB
internal import Glibc

extension StateStore {
    /// Puts the store in the directory `fresh` into the place of the one in `path`, in one step
    /// (renameat2(2), `RENAME_EXCHANGE`), and removes the old one. Who has that one open reads on
    /// in it. Neither may be open for writing.
    public static func replace(_ path: String, by fresh: String) throws(LedgerError) {
        let isThere = try DataFile.inspect(path) != nil
        if !isThere { NewEnvironment.clear(path) }
        // Both paths live during the call.
        let code = unsafe isThere ? exchange_names(fresh, path) : rename(fresh, path)
        guard code == 0 else { throw .system(errno, path) }
        try LedgerDirectory.sync(LedgerDirectory.parent(of: path))
        if isThere { remove(fresh) }
    }

    /// Removes the store in the directory `path`, or what was begun of one; nothing where there
    /// is none.
    public static func remove(_ path: String) { NewEnvironment.clear(path) }
}
