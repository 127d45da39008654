internal import Glibc

/// What a ledger's files may be used for.
enum LedgerRole: UInt8 {
    /// It may be appended to.
    case live = 0
    /// A backup: it only grows by what its original has recorded.
    case backup = 1
    /// Not whole yet, since a restoring or an import has not ended.
    case unfinished = 2
}

/// What a ledger's meta database says of it.
struct LedgerMetadata: Hashable, Sendable {
    let id: LedgerID
    /// The format that the ledger has on disk: at most ``LedgerFormat/version``.
    let format: UInt32
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    let created: Int64
    var role = LedgerRole.live
    /// Each restoring on the way to this ledger, the latest last.
    var descents: [Descent] = []

    /// A ledger that is made now.
    static func fresh() -> LedgerMetadata {
        LedgerMetadata(
            id: .random(), format: LedgerFormat.version, created: wallNanoseconds())
    }

    var lineage: Lineage { Lineage(ledger: id, descents: descents) }

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
                created: Int64(bitPattern: created.word(at: 0)),
                role: try role(database), descents: try descents(database)))
    }

    /// Ledgers of older formats are all live.
    private static func role(_ database: PageTree) throws(Corruption) -> LedgerRole {
        guard let value = try database.metadata(LedgerFormat.roleKey) else { return .live }
        guard value.byteCount == 1, let role = LedgerRole(rawValue: value.byte(at: 0)) else {
            throw .metadata(LedgerFormat.roleKey)
        }
        return role
    }

    private static func descents(_ database: PageTree) throws(Corruption) -> [Descent] {
        guard let value = try database.metadata(LedgerFormat.descentsKey) else { return [] }
        guard value.byteCount % Descent.byteCount == 0 else {
            throw .metadata(LedgerFormat.descentsKey)
        }
        var descents: [Descent] = []
        for offset in stride(from: 0, to: value.byteCount, by: Descent.byteCount) {
            descents.append(Descent(value.extracting(droppingFirst: offset)))
        }
        return descents
    }

    /// The same ledger in today's format.
    var upgraded: LedgerMetadata {
        LedgerMetadata(
            id: id, format: LedgerFormat.version, created: created, role: role,
            descents: descents)
    }

    /// The same ledger for another use.
    func with(_ role: LedgerRole, _ descents: [Descent]) -> LedgerMetadata {
        LedgerMetadata(
            id: id, format: LedgerFormat.version, created: created, role: role,
            descents: descents)
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
        if format >= 3 { try storeUse(in: database, transaction) }
        let names = format == 1 ? [LedgerFormat.framesName] : LedgerFormat.contentNames
        for name in names { _ = try transaction.open(name) }
    }

    private func storeUse(
        in database: WriteTransaction.Database, _ transaction: borrowing WriteTransaction
    ) throws(DatabaseError) {
        try put(LedgerFormat.roleKey, in: database, transaction, byteCount: 1) {
            $0.storeByte(role.rawValue, at: 0)
        }
        let byteCount = descents.count * Descent.byteCount
        try put(LedgerFormat.descentsKey, in: database, transaction, byteCount: byteCount) {
            for (index, descent) in descents.enumerated() {
                descent.store(into: &$0, at: index * Descent.byteCount)
            }
        }
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
        guard let value = try metadata(key), value.byteCount == byteCount else {
            throw .metadata(key)
        }
        return value
    }

    /// A value of the meta database, its checksum checked; `nil` when there is none.
    @_lifetime(copy self)
    fileprivate func metadata(_ key: String) throws(Corruption) -> RawSpan? {
        let bytes = Array(key.utf8)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard let value = unsafe try value(of: bytes.span.bytes) else { return nil }
        let end = value.byteCount - FrameLayout.checksumBytes
        guard end >= 0, XXH64.hash(value.extracting(first: end)) == value.word(at: end) else {
            throw .metadata(key)
        }
        return value.extracting(first: end)
    }
}
