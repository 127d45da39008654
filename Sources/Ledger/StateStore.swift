internal import Glibc

/// A small durable key/value store in a directory of its own: where folds keep their state.
///
/// One process writes it; any number read it meanwhile, each load from the newest commit.
public final class StateStore: Sendable {
    private let path: String
    private let lease: EnvironmentLease
    private let isReadOnly: Bool

    private init(_ path: String, _ lease: EnvironmentLease, isReadOnly: Bool) {
        self.path = path
        self.lease = lease
        self.isReadOnly = isReadOnly
    }

    /// Opens the store in the directory `path`. For writing, a missing directory is made (mode
    /// 0700; its parents must exist); read-only, a missing store is `notFound`.
    public static func open(
        _ path: String, readOnly: Bool = false
    ) throws(LedgerError) -> StateStore {
        if readOnly {
            guard try DataFile.inspect(path) != nil else { throw .notFound(path) }
            let lease = try EnvironmentLease(path, access: .readOnly, mapBytes: 0)
            return StateStore(path, lease, isReadOnly: true)
        }
        if try DataFile.inspect(path) == nil {
            try NewEnvironment.create(path, mapBytes: LedgerLimits.stateMapBytes) { _ in }
        }
        let lease = try EnvironmentLease(
            path, access: .readWrite, mapBytes: LedgerLimits.stateMapBytes)
        try lease.environment.settle()
        try LedgerDirectory.sync(LedgerDirectory.parent(of: path))
        return StateStore(path, lease, isReadOnly: false)
    }

    /// The value of `key` as last committed, or `nil`. A value whose checksum does not match
    /// throws `corrupt`.
    public func load(_ key: String) throws(LedgerError) -> [UInt8]? {
        let name = try Self.checked(key)
        return try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            do throws(Corruption) {
                // UInt8 has no padding whose bytes could be uninitialised.
                guard let stored = unsafe try snapshot.main.value(of: name.span.bytes) else {
                    return nil
                }
                let end = stored.byteCount - FrameLayout.checksumBytes
                guard end >= 0, XXH64.hash(stored.extracting(first: end)) == stored.word(at: end)
                else { throw .valueChecksum }
                return stored.extracting(first: end).array
            } catch {
                throw .corrupt(.zero, error, in: path)
            }
        }
    }

    /// Stores all entries durably, or none of them. Not for a store opened read-only.
    public func commit(_ entries: [(key: String, value: [UInt8])]) throws(LedgerError) {
        precondition(!isReadOnly, "a store opened read-only is not written")
        var names: [[UInt8]] = []
        for entry in entries {
            names.append(try Self.checked(entry.key))
            if entry.value.count > LedgerLimits.stateValueBytesMax {
                throw .tooLarge("a state", limit: LedgerLimits.stateValueBytesMax)
            }
        }
        do throws(DatabaseError) {
            try lease.environment.write { transaction throws(DatabaseError) in
                let database = try transaction.open(nil)
                for (name, entry) in zip(names, entries) {
                    try Self.put(name, entry.value, in: database, transaction)
                }
            }
        } catch {
            // What is there now decides what the next load sees; the caller may commit again.
            if lease.environment.hasFatalError { try lease.environment.reopen() }
            throw error.ledgerError(at: path)
        }
    }

    private static func put(
        _ name: [UInt8], _ value: [UInt8], in database: WriteTransaction.Database,
        _ transaction: borrowing WriteTransaction
    ) throws(DatabaseError) {
        let whole = value.count + FrameLayout.checksumBytes
        try transaction.reserve(name, byteCount: whole, .anywhere, in: database) { room in
            room.store(value, at: 0)
            let sum = XXH64.hash(room.bytes.extracting(first: value.count))
            room.store(sum, at: value.count)
        }
    }

    private static func checked(_ key: String) throws(LedgerError) -> [UInt8] {
        let name = Array(key.utf8)
        precondition(!name.isEmpty, "a key has at least one byte")
        if name.count > LedgerLimits.stateKeyBytesMax {
            throw .tooLarge("a key", limit: LedgerLimits.stateKeyBytesMax)
        }
        return name
    }
}
