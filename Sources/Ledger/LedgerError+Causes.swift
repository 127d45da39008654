internal import Glibc

/// Each error with its words: what happened to what, and what to do about it.
extension LedgerError {
    static func notFound(_ path: String) -> LedgerError {
        LedgerError(
            code: .notFound, cause: "there is no ledger at \(path)",
            advice: "check the path; a ledger is created when it is first opened for writing")
    }

    static func noParent(of path: String) -> LedgerError {
        LedgerError(
            code: .notFound,
            cause: "\(path) cannot be made: the directory that is to hold it does not exist",
            advice: "check the path, or make that directory first")
    }

    static func foreignDirectory(_ path: String, found: String) -> LedgerError {
        LedgerError(
            code: .foreignDirectory, cause: "\(path) is not a ledger: it holds \(found)",
            advice: "name an empty or a new directory")
    }

    static func newerFormat(_ path: String, found: UInt32) -> LedgerError {
        LedgerError(
            code: .newerFormat(found: found),
            cause: "the ledger at \(path) has format \(found), this program knows "
                + "\(LedgerFormat.version)",
            advice: "use the version of the program that wrote it, or a newer one")
    }

    static func locked(_ path: String, holder: LockHolder) -> LedgerError {
        let who = holder.pid.map { "process \($0) on \(holder.host)" } ?? "another process"
        return LedgerError(
            code: .locked(holder: holder), cause: "the ledger at \(path) is written by \(who)",
            advice: "stop it first; reading needs no lock")
    }

    static func diskFull(_ path: String) -> LedgerError {
        LedgerError(
            code: .diskFull, cause: "the disk that holds \(path) is full",
            advice: "free space there; nothing of the refused batch was recorded")
    }

    static func io(errno code: Int32, _ path: String) -> LedgerError {
        // strerror's text is only read here, before another call can replace it.
        let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "errno \(code)"
        return LedgerError(
            code: .io(errno: code), cause: "\(path): \(text)",
            advice: "check the disk and the system's log")
    }

    /// What `errno` means for the file at `path`.
    static func system(_ code: Int32, _ path: String) -> LedgerError {
        DatabaseError(code: code).ledgerError(at: path)
    }

    static func archived(_ header: SegmentHeader, in directory: String) -> LedgerError {
        archived(first: header.first, last: header.last, directory)
    }

    private static func archived(
        first: Position, last: Position, _ directory: String
    ) -> LedgerError {
        LedgerError(
            code: .archived(first: first, last: last, directory: directory),
            cause: "the events \(first) to \(last) are archived in \(directory)",
            advice: "bring them back with 'trunkledger archive return'")
    }

    static func corrupt(
        _ position: Position, _ corruption: Corruption, in path: String
    ) -> LedgerError {
        if case .archived(let first, let last, let directory) = corruption {
            return archived(first: first, last: last, directory)
        }
        let place = position == .zero ? "" : " at position \(position)"
        return LedgerError(
            code: .corrupt(position: position, corruption),
            cause: "the ledger at \(path) is damaged\(place): \(corruption)",
            advice: "run verify for the whole list, and restore from a backup")
    }

    static func mapFull(_ path: String) -> LedgerError {
        LedgerError(
            code: .mapFull, cause: "the ledger at \(path) has grown to the size of its map",
            advice: "open it with a larger map")
    }

    static func readersFull(_ path: String) -> LedgerError {
        LedgerError(
            code: .readersFull,
            cause: "\(LedgerLimits.readersMax) readers are in \(path) at once",
            advice: "try again when one of them is done")
    }

    static func closed(_ path: String) -> LedgerError {
        LedgerError(
            code: .closed, cause: "the writer of \(path) was closed",
            advice: "open the ledger again")
    }

    static func outcomeUnknown(_ path: String) -> LedgerError {
        LedgerError(
            code: .outcomeUnknown,
            cause: "the disk failed while \(path) was being written",
            advice: "read the ledger from the last known position to see what was recorded")
    }

    static func permission(_ path: String) -> LedgerError {
        LedgerError(
            code: .permission, cause: "no permission for \(path)",
            advice: "run as the ledger's owner, or change the owner or mode of its files")
    }

    static func tooLarge(_ what: String, limit: Int) -> LedgerError {
        LedgerError(
            code: .tooLarge, cause: "\(what) is over the limit of \(limit)",
            advice: "split it into smaller ones")
    }

    static func queueFull(_ path: String, _ most: String) -> LedgerError {
        LedgerError(
            code: .queueFull,
            cause: "too much waits to be written to \(path): \(most) is the limit",
            advice: "append again when the disk has caught up")
    }

    static func unusableKey(_ path: String, _ why: String, advice: String) -> LedgerError {
        LedgerError(code: .unusableKey, cause: "the key at \(path) \(why)", advice: advice)
    }

    static func notCheckpointed(_ position: Position, in path: String) -> LedgerError {
        LedgerError(
            code: .notCheckpointed,
            cause: "no signed checkpoint of the ledger at \(path) covers position \(position)",
            advice: "make a checkpoint first, and prove against that")
    }

    static func notLive(_ path: String, _ role: LedgerRole) -> LedgerError {
        let isBackup = role == .backup
        return LedgerError(
            code: .notLive,
            cause: isBackup
                ? "\(path) is a backup, which nobody but the next backup writes to"
                : "\(path) is not whole: restoring or importing it has not ended",
            advice: isBackup
                ? "restore it to a new directory"
                : "restore it again to the same directory, or remove the directory")
    }

    static func replaced(_ path: String) -> LedgerError {
        LedgerError(
            code: .replaced, cause: "another ledger has taken the place of the one at \(path)",
            advice: "open it again")
    }

    static func badImport(line: Int, _ what: String) -> LedgerError {
        LedgerError(
            code: .badImport(line: line), cause: "line \(line): \(what)",
            advice: "export the ledger again; nothing was imported")
    }

    static func diverged(_ path: String, behind position: Position) -> LedgerError {
        LedgerError(
            code: .diverged(position: position),
            cause: "\(path) holds other events behind position \(position) than the ledger",
            advice: "keep it, and name another directory")
    }

    static func database(code: Int32, _ path: String) -> LedgerError {
        LedgerError(
            code: .database(code: code), cause: "LMDB answered \(code) at \(path)",
            advice: "look the code up in lmdb.h and report it as a bug")
    }
}
