internal import Glibc

/// Makes an environment whole and durable before it gets its name.
///
/// liblmdb writes the first two meta pages without a flush in between: where a power cut leaves
/// one of them, it refuses the file for ever. Under another name such a piece harms nobody, and
/// the next attempt clears it away.
enum NewEnvironment {
    /// What follows the name until it is whole.
    static let suffix = ".new"

    /// Makes the environment `directory` with what `fill` puts into it. There must be none yet,
    /// or one whose data file is empty.
    static func create(
        _ directory: String, mapBytes: Int,
        _ fill: (borrowing WriteTransaction) throws(DatabaseError) -> Void
    ) throws(LedgerError) {
        let unfinished = directory + suffix
        clear(unfinished)
        // The path lives during the call.
        guard unsafe mkdir(unfinished, 0o700) == 0 else { throw .system(errno, unfinished) }
        do throws(DatabaseError) {
            let environment = try Environment(unfinished, access: .readWrite, mapBytes: mapBytes)
            let transaction = try environment.beginWriting()
            try fill(transaction)
            try transaction.commit()
            // A transaction that changed nothing has flushed nothing.
            try environment.sync()
        } catch {
            throw error.ledgerError(at: unfinished)
        }
        try LedgerDirectory.sync(unfinished)
        clear(directory)
        // Both paths live during the call; the new name replaces an empty directory at most.
        guard unsafe rename(unfinished, directory) == 0 else { throw .system(errno, directory) }
        try LedgerDirectory.sync(LedgerDirectory.parent(of: directory))
    }

    /// Removes an environment that is of no use. Failures show when its name is used again.
    static func clear(_ directory: String) {
        for name in [DataFile.name, "lock.mdb"] {
            // The path lives during the call.
            unsafe unlink("\(directory)/\(name)")
        }
        unsafe rmdir(directory)
    }
}
