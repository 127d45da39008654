internal import CLMDB
internal import Glibc

/// One open LMDB environment. `SharedEnvironment` sees to it that a process never opens the same
/// one twice (lmdb.h, Caveats: "Do not have open an LMDB database twice in the same process").
@safe  // the handle is private and owned: no safe call can use it after its end
struct Environment: ~Copyable {
    enum Access: Sendable {
        case readOnly
        case readWrite
    }

    /// Owned: made by mdb_env_create, closed once in deinit.
    private let handle: OpaquePointer

    init(
        _ directory: String, access: Access, mapBytes: Int
    ) throws(DatabaseError) {
        var created: OpaquePointer?
        // liblmdb writes the new handle, or leaves nil and says why.
        try DatabaseError.check(unsafe mdb_env_create(&created))
        guard let created = unsafe created else { throw DatabaseError(code: ENOMEM) }
        do throws(DatabaseError) {
            unsafe try Self.open(created, directory, access: access, mapBytes: mapBytes)
        } catch {
            // lmdb.h on mdb_env_open: after a failure the handle must be closed.
            unsafe mdb_env_close(created)
            throw error
        }
        unsafe handle = created
    }

    /// `created` is fresh from mdb_env_create.
    @unsafe private static func open(
        _ created: OpaquePointer, _ directory: String, access: Access, mapBytes: Int
    ) throws(DatabaseError) {
        try DatabaseError.check(unsafe mdb_env_set_mapsize(created, mapBytes))
        try DatabaseError.check(unsafe mdb_env_set_maxreaders(created, LedgerLimits.readersMax))
        try DatabaseError.check(unsafe mdb_env_set_maxdbs(created, LedgerLimits.databasesMax))
        // NOTLS: a read transaction belongs to its owner, not to a thread, so that a thread may
        // hold several and a closure may run anywhere.
        var flags = UInt32(MDB_NOTLS)
        if access == .readOnly { flags |= UInt32(MDB_RDONLY) }
        try DatabaseError.check(unsafe mdb_env_open(created, directory, flags, 0o600))
    }

    deinit {
        // Transactions are scoped to closures that borrow the environment: none is left here.
        unsafe mdb_env_close(handle)
    }

    /// How commits flush from now on. Only inside a write transaction (lmdb.h on
    /// mdb_env_set_flags: "If several threads change the flags at the same time, the result is
    /// undefined").
    func setFlush(_ flush: CommitFlush) throws(DatabaseError) {
        // The handle is open while self lives.
        try DatabaseError.check(
            unsafe mdb_env_set_flags(handle, UInt32(MDB_NOMETASYNC), flush == .data ? 1 : 0))
    }

    /// Forces what is in the page cache to the disk.
    func sync() throws(DatabaseError) {
        // The handle is open while self lives.
        try DatabaseError.check(unsafe mdb_env_sync(handle, 1))
    }

    /// Frees the reader slots of processes that died with one (lmdb.h, Caveats: "Stale reader
    /// transactions left behind by an aborted program cause further writes to grow the database
    /// quickly"). Returns how many there were.
    @discardableResult
    func clearStaleReaders() throws(DatabaseError) -> Int {
        var cleared: Int32 = 0
        // The handle is open while self lives.
        try DatabaseError.check(unsafe mdb_reader_check(handle, &cleared))
        return Int(cleared)
    }

    /// Reading transactions under way, over all processes: mdb_reader_list tells one a line, as
    /// pid, thread and transaction, with `-` where a reader is between two of them.
    func readerCount() -> Int {
        var count = 0
        // liblmdb calls back during the call only, with a text that ends with a zero.
        _ = unsafe withUnsafeMutablePointer(to: &count) { count in
            unsafe mdb_reader_list(
                handle,
                { text, context in
                    guard let text = unsafe text, let context = unsafe context else { return -1 }
                    let words = unsafe String(cString: text).split(whereSeparator: \.isWhitespace)
                    if words.count == 3, Int(words[0]) != nil, words[2] != "-" {
                        unsafe context.assumingMemoryBound(to: Int.self).pointee += 1
                    }
                    return 0
                }, count)
        }
        return count
    }

    /// The data file; it stays open as long as the environment.
    func dataFile() throws(DatabaseError) -> Int32 {
        var descriptor: Int32 = -1
        // The handle is open while self lives.
        try DatabaseError.check(unsafe mdb_env_get_fd(handle, &descriptor))
        return descriptor
    }

    func beginReading() throws(DatabaseError) -> ReadTransaction {
        // The handle is open while self lives.
        unsafe try ReadTransaction(handle)
    }

    func beginWriting() throws(DatabaseError) -> WriteTransaction {
        // The handle is open while self lives.
        unsafe try WriteTransaction(handle)
    }
}
