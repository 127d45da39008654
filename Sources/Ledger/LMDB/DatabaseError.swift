internal import CLMDB
internal import Glibc

/// A refusal of liblmdb, before it is known what it means to the caller.
struct DatabaseError: Error, Hashable {
    let code: Int32

    /// The environment could not be opened again after a fatal error.
    static let unusable = DatabaseError(code: MDB_PANIC)

    /// Throws unless `code` is `MDB_SUCCESS`.
    static func check(_ code: Int32) throws(DatabaseError) {
        if code != MDB_SUCCESS { throw DatabaseError(code: code) }
    }

    /// lmdb.h: "Update of meta page failed or environment had fatal error".
    var isFatal: Bool { code == MDB_PANIC }

    /// What it means for the files at `path`, to which `byteCount` bytes were to be written.
    func ledgerError(at path: String, writing byteCount: Int) -> LedgerError {
        // A write cut short by a full disk reaches us as EIO.
        if code == EIO, FreeSpace.bytes(at: path) < byteCount + 65_536 { return .diskFull(path) }
        return ledgerError(at: path)
    }

    /// What it means for the files at `path`.
    func ledgerError(at path: String) -> LedgerError {
        switch code {
        case MDB_MAP_FULL: .mapFull(path)
        case MDB_READERS_FULL: .readersFull(path)
        case MDB_INVALID, MDB_VERSION_MISMATCH, MDB_CORRUPTED, MDB_PAGE_NOTFOUND:
            .corrupt(.zero, .page(0, .meta), in: path)
        case MDB_PANIC: .outcomeUnknown(path)
        case ENOSPC, EDQUOT, EFBIG: .diskFull(path)
        case EACCES, EPERM, EROFS: .permission(path)
        case ENOENT: .notFound(path)
        case 1...: .io(errno: code, path)
        default: .database(code: code, path)
        }
    }
}
