internal import CLMDB
internal import Glibc

/// The one write transaction of an environment; undone unless committed.
///
/// lmdb.h, Caveats: "A thread can only use one transaction at a time" and "Do not start a write
/// transaction twice": being used only by the committer's thread, or under `StateStore`'s lock,
/// keeps both.
@safe  // the handle is private and owned: no safe call can use it after its end
struct WriteTransaction: ~Copyable {
    /// A named database, or the unnamed one that names them; valid for the environment once the
    /// transaction that opened it committed.
    struct Database: Sendable {
        fileprivate let handle: MDB_dbi
    }

    /// How a key enters its database.
    enum Placement {
        /// Over whatever was there.
        case anywhere
        /// After every other key (`MDB_APPEND`): refused with MDB_KEYEXIST otherwise.
        case atEnd
    }

    /// Owned: made by mdb_txn_begin; commit consumes it, else deinit ends it.
    private let handle: OpaquePointer

    /// `environment` stays open for as long as the transaction lives.
    @unsafe init(_ environment: OpaquePointer) throws(DatabaseError) {
        var begun: OpaquePointer?
        try DatabaseError.check(unsafe mdb_txn_begin(environment, nil, 0, &begun))
        guard let begun = unsafe begun else { throw DatabaseError(code: ENOMEM) }
        unsafe handle = begun
    }

    deinit {
        // Not committed, so nothing of it may be seen.
        unsafe mdb_txn_abort(handle)
    }

    /// Opens a named database, creating it when missing; the unnamed one for `nil`.
    func open(_ name: String?) throws(DatabaseError) -> Database {
        var opened: MDB_dbi = 0
        let flags = name == nil ? 0 : UInt32(MDB_CREATE)
        // The handle is valid while self lives; liblmdb copies the name.
        try DatabaseError.check(unsafe mdb_dbi_open(handle, name, flags, &opened))
        return Database(handle: opened)
    }

    func put(_ key: [UInt8], _ value: [UInt8], in database: Database) throws(DatabaseError) {
        try reserve(key, byteCount: value.count, .anywhere, in: database) { room in
            room.store(value, at: 0)
        }
    }

    /// Makes room for a value of `byteCount` bytes and lets `fill` write them in place.
    ///
    /// lmdb.h on MDB_RESERVE: the space must be filled "before the next update operation or the
    /// transaction ends": `fill` gets it for the length of the call only.
    func reserve(
        _ key: [UInt8], byteCount: Int, _ placement: Placement, in database: Database,
        _ fill: (inout MutableRawSpan) -> Void
    ) throws(DatabaseError) {
        precondition((1...LedgerLimits.stateKeyBytesMax).contains(key.count), "a key of LMDB's")
        var flags = UInt32(MDB_RESERVE)
        if placement == .atEnd { flags |= UInt32(MDB_APPEND) }
        var room = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
        var bytes = key
        // liblmdb reads the key during the call only, although its struct wants it mutable.
        let code = unsafe bytes.withUnsafeMutableBytes { buffer in
            var named = unsafe MDB_val(mv_size: buffer.count, mv_data: buffer.baseAddress)
            return unsafe mdb_put(handle, database.handle, &named, &room, flags)
        }
        try DatabaseError.check(code)
        // On success the room is `byteCount` bytes of the transaction's own dirty page.
        let buffer = unsafe UnsafeMutableRawBufferPointer(
            start: room.mv_data, count: room.mv_size)
        var span = unsafe MutableRawSpan(_unsafeBytes: buffer)
        fill(&span)
    }

    /// Takes a key and its value out; refused with MDB_NOTFOUND when there is no such key.
    func delete(_ key: [UInt8], from database: Database) throws(DatabaseError) {
        var bytes = key
        // liblmdb reads the key during the call only, although its struct wants it mutable.
        let code = unsafe bytes.withUnsafeMutableBytes { buffer in
            var named = unsafe MDB_val(mv_size: buffer.count, mv_data: buffer.baseAddress)
            return unsafe mdb_del(handle, database.handle, &named, nil)
        }
        try DatabaseError.check(code)
    }

    /// Makes the transaction durable: returns after the data and the meta page are on disk.
    consuming func commit() throws(DatabaseError) {
        let code = unsafe mdb_txn_commit(handle)
        // lmdb.h: the handle is freed by the commit, whether it succeeds or not.
        discard self
        try DatabaseError.check(code)
    }
}
