internal import CLMDB
internal import Glibc

/// Pins a snapshot: no page that it can reach is reused while it lives.
///
/// The ledger reads the pages itself (`PageTree`), with every bound checked, because liblmdb
/// trusts what it finds on a page. Keep it short: lmdb.h, Caveats: "Avoid long-lived transactions.
/// Read transactions prevent reuse of pages freed by newer write transactions".
@safe  // the handle is private and owned: no safe call can use it after its end
struct ReadTransaction: ~Copyable {
    /// Owned: made by mdb_txn_begin, ended once in deinit.
    private let handle: OpaquePointer

    /// `environment` stays open for as long as the transaction lives.
    @unsafe init(_ environment: OpaquePointer) throws(DatabaseError) {
        var begun: OpaquePointer?
        let code = unsafe mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &begun)
        try DatabaseError.check(code)
        guard let begun = unsafe begun else { throw DatabaseError(code: ENOMEM) }
        unsafe handle = begun
    }

    deinit {
        // A read transaction has nothing to commit; abort gives its slot back.
        unsafe mdb_txn_abort(handle)
    }

    /// The number of the last commit that this snapshot sees.
    var number: UInt64 {
        // The handle is valid while self lives.
        UInt64(unsafe mdb_txn_id(handle))
    }
}
