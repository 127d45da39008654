internal import Glibc

/// What a ledger's meta database says of it.
struct LedgerMetadata: Hashable, Sendable {
    let id: LedgerID
    /// The format that the ledger has on disk: at most ``LedgerFormat/version``.
    let format: UInt32
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    let created: Int64

    /// A ledger that is made now.
    static func fresh() -> LedgerMetadata {
        var time = timespec()
        // clock_gettime fills the struct; CLOCK_REALTIME always exists.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return LedgerMetadata(
            id: .random(), format: LedgerFormat.version,
            created: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    private enum Found {
        case nothing
        case format(UInt32)
        case ledger(LedgerMetadata)
    }

    /// `nil` when the environment was made and nothing was put into it yet.
    static func load(
        _ snapshot: Snapshot, _ path: String
    ) throws(LedgerError) -> LedgerMetadata? {
        let found: Found
        do throws(Corruption) {
            found = try find(snapshot)
        } catch {
            throw .corrupt(.zero, error, in: path)
        }
        switch found {
        case .nothing: return nil
        case .ledger(let metadata): return metadata
        case .format(let version) where version > LedgerFormat.version:
            throw .newerFormat(path, found: version)
        case .format: throw .corrupt(.zero, .metadata(LedgerFormat.formatKey), in: path)
        }
    }

    private static func find(_ snapshot: Snapshot) throws(Corruption) -> Found {
        guard !snapshot.meta.main.isEmpty else { return .nothing }
        guard let database = try snapshot.database(LedgerFormat.metaName) else {
            throw .metadata(LedgerFormat.metaName)
        }
        let format = try database.metadata(LedgerFormat.formatKey, byteCount: 4).half(at: 0)
        guard (LedgerFormat.oldestVersion...LedgerFormat.version).contains(format) else {
            return .format(format)
        }
        let id = try database.metadata(LedgerFormat.ledgerKey, byteCount: 16)
        let created = try database.metadata(LedgerFormat.createdKey, byteCount: 8)
        return .ledger(
            LedgerMetadata(
                id: LedgerID(
                    high: id.word(at: 0).byteSwapped, low: id.word(at: 8).byteSwapped),
                format: format,
                created: Int64(bitPattern: created.word(at: 0))))
    }

    /// The same ledger in today's format.
    var upgraded: LedgerMetadata {
        LedgerMetadata(id: id, format: LedgerFormat.version, created: created)
    }

    /// Puts it into the environment, and makes the databases of its format that are missing.
    func store(in transaction: borrowing WriteTransaction) throws(DatabaseError) {
        let database = try transaction.open(LedgerFormat.metaName)
        try put(LedgerFormat.formatKey, in: database, transaction, byteCount: 4) {
            $0.store(format, at: 0)
        }
        try put(LedgerFormat.ledgerKey, in: database, transaction, byteCount: 16) {
            $0.store(id.high.byteSwapped, at: 0)
            $0.store(id.low.byteSwapped, at: 8)
        }
        try put(LedgerFormat.createdKey, in: database, transaction, byteCount: 8) {
            $0.store(UInt64(bitPattern: created), at: 0)
        }
        let names = format == 1 ? [LedgerFormat.framesName] : LedgerFormat.contentNames
        for name in names { _ = try transaction.open(name) }
    }

    private func put(
        _ key: String, in database: WriteTransaction.Database,
        _ transaction: borrowing WriteTransaction, byteCount: Int,
        _ fill: (inout MutableRawSpan) -> Void
    ) throws(DatabaseError) {
        // Each value carries its checksum: LMDB has none of its own.
        let whole = byteCount + FrameLayout.checksumBytes
        try transaction.reserve(Array(key.utf8), byteCount: whole, .anywhere, in: database) {
            fill(&$0)
            let sum = XXH64.hash($0.bytes.extracting(first: byteCount))
            $0.store(sum, at: byteCount)
        }
    }
}

extension PageTree {
    /// A value of the meta database, its length and checksum checked.
    @_lifetime(copy self)
    fileprivate func metadata(_ key: String, byteCount: Int) throws(Corruption) -> RawSpan {
        let bytes = Array(key.utf8)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard let value = unsafe try value(of: bytes.span.bytes),
            value.byteCount == byteCount + FrameLayout.checksumBytes,
            XXH64.hash(value.extracting(first: byteCount)) == value.word(at: byteCount)
        else { throw .metadata(key) }
        return value.extracting(first: byteCount)
    }
}
