internal import CLMDB
internal import Glibc
internal import Synchronization

/// The one opening of an environment in this process, shared by its writer and all its readers.
///
///     open --> in use --> (reopen: alone; readers wait) --> in use
///                                \-- failed --> unusable: every call throws
final class SharedEnvironment: @unchecked Sendable {  // `state` is only touched through `gate`
    private struct State: ~Copyable {
        let environment: Environment
        let map: PageMap
        let access: Environment.Access

        static func make(
            _ directory: String, access: Environment.Access, mapBytes: Int
        ) throws(LedgerError) -> State {
            let meta = try DataFile.inspect(directory)
            let wanted = max(mapBytes, Int(clamping: meta?.mapBytes ?? 0), meta?.fileBytes ?? 0)
            // mmap(2) and liblmdb count in pages of the processor's.
            let rounded = wanted.addingReportingOverflow(0xFFFF).partialValue & ~0xFFFF
            let environment = try Self.open(directory, access: access, mapBytes: rounded)
            let map = try Self.map(environment, directory, bytes: rounded)
            return State(environment: environment, map: map, access: access)
        }

        private static func open(
            _ directory: String, access: Environment.Access, mapBytes: Int
        ) throws(LedgerError) -> Environment {
            do throws(DatabaseError) {
                return try Environment(directory, access: access, mapBytes: mapBytes)
            } catch {
                throw error.ledgerError(at: directory)
            }
        }

        private static func map(
            _ environment: borrowing Environment, _ directory: String, bytes: Int
        ) throws(LedgerError) -> PageMap {
            do throws(DatabaseError) {
                return try PageMap(descriptor: environment.dataFile(), length: bytes)
            } catch {
                throw error.ledgerError(at: directory)
            }
        }

        func beginReading(_ directory: String) throws(LedgerError) -> ReadTransaction {
            do throws(DatabaseError) {
                do throws(DatabaseError) {
                    return try environment.beginReading()
                } catch  where error.code == MDB_READERS_FULL {
                    // Readers that died may hold what is missing.
                    guard try environment.clearStaleReaders() > 0 else { throw error }
                    return try environment.beginReading()
                }
            } catch {
                throw error.ledgerError(at: directory)
            }
        }

        /// Bytes of the file that there are, after the transaction that may reach them began.
        func available(_ directory: String) throws(LedgerError) -> Int {
            do throws(DatabaseError) {
                return try map.available()
            } catch {
                throw error.ledgerError(at: directory)
            }
        }
    }

    let directory: String
    private let gate = ReadWriteGate()
    private var state: State?
    private var mapBytes: Int
    private let commits = Atomic<UInt64>(0)

    /// `mapBytes` of 0 takes the size that the environment was made with.
    init(
        _ directory: String, access: Environment.Access, mapBytes: Int
    ) throws(LedgerError) {
        self.directory = directory
        self.mapBytes = mapBytes
        state = try State.make(directory, access: access, mapBytes: mapBytes)
    }

    /// Makes an environment that was opened for reading writable too.
    func upgrade(mapBytes: Int) throws(LedgerError) {
        try gate.alone { () throws(LedgerError) in
            if state?.access == .readWrite { return }
            self.mapBytes = mapBytes
            try replaceState(.readWrite)
        }
    }

    /// Closes and opens again: what a fatal error asks for (lmdb.h on MDB_PANIC).
    func reopen() throws(LedgerError) {
        try gate.alone { () throws(LedgerError) in try replaceState(.readWrite) }
    }

    /// Ends it; whoever still has it gets an error.
    func close() {
        gate.alone { state = nil }
    }

    private func replaceState(_ access: Environment.Access) throws(LedgerError) {
        // Closed before it is opened: never twice at a time in one process.
        state = nil
        state = try State.make(directory, access: access, mapBytes: mapBytes)
    }

    /// Pins the newest durable commit and hands it to `body`.
    func withSnapshot<Value>(
        _ body: (Snapshot) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value {
        try gate.shared { () throws(LedgerError) -> Value in
            switch state {
            case .none:
                throw .outcomeUnknown(directory)
            case .some(let state):
                for _ in 0..<Self.pinsMax {
                    let transaction = try state.beginReading(directory)
                    // Ended here, and not after its last use: it pins what `body` reads.
                    defer { extendLifetime(transaction) }
                    guard let meta = try meta(of: transaction.number, state) else { continue }
                    let used = state.map.prefix(meta.fileBytes)
                    return try body(Snapshot(PageFile(used, pageBytes: meta.pageBytes), meta))
                }
                throw .corrupt(.zero, .page(0, .meta), in: directory)
            }
        }
    }

    /// How often a reader that the writer overtakes twice begins again.
    private static let pinsMax = 16
    /// How often a meta page is looked at that the writer may be about to replace, and after how
    /// many looks it gets the processor to finish.
    private static let looksMax = 256
    private static let looksBeforeYield = 8

    /// The meta page of the pinned commit; `nil` when two more commits have replaced it.
    ///
    /// liblmdb tells a commit's number once its meta page is whole and on disk. A page with a
    /// higher number may still be half written, in any order of its bytes, and is left alone.
    private func meta(
        of commit: UInt64, _ state: borrowing State
    ) throws(LedgerError) -> MetaPage? {
        let bytes = state.map.prefix(try state.available(directory))
        guard let meta = try metaPage(of: commit, bytes) else { return nil }
        // Measured anew: the file may have grown before that meta page was written, but never
        // after it.
        guard meta.fileBytes <= (try state.available(directory)) else {
            throw .corrupt(.zero, .page(meta.lastPage, .outOfFile), in: directory)
        }
        return meta
    }

    private func metaPage(
        of commit: UInt64, _ bytes: RawSpan
    ) throws(LedgerError) -> MetaPage? {
        for look in 0..<Self.looksMax {
            if look >= Self.looksBeforeYield { sched_yield() }
            guard let metas = try? MetaPage.both(bytes) else { continue }
            if metas.newer.commit == commit { return metas.newer }
            if metas.older.commit > commit { return nil }
            // The next commit is there, or about to be; the one after it begins a flush later.
            guard metas.older.commit == commit, let again = try? MetaPage.both(bytes) else {
                continue
            }
            guard again.older == metas.older, (try? metas.older.checkTrees()) != nil else {
                continue
            }
            return metas.older
        }
        do throws(Corruption) {
            let metas = try MetaPage.both(bytes)
            throw .page(metas.newer.commit & 1, .meta)
        } catch {
            throw .corrupt(.zero, error, in: directory)
        }
    }

    /// Runs `body` in the write transaction and commits it.
    func write<Value>(
        _ flush: CommitFlush = .dataAndMeta,
        _ body: (borrowing WriteTransaction) throws(DatabaseError) -> Value
    ) throws(DatabaseError) -> Value {
        try gate.shared { () throws(DatabaseError) -> Value in
            switch state {
            case .none:
                throw DatabaseError.unusable
            case .some(let state):
                let transaction = try state.environment.beginWriting()
                try state.environment.setFlush(flush)
                let value = try body(transaction)
                try transaction.commit()
                let count = commits.add(1, ordering: .relaxed).newValue
                // What a reader that died had pinned would make the file grow; where the look
                // itself fails, the next one comes soon.
                if count % LedgerLimits.staleReaderCheckCommits == 0 {
                    _ = try? state.environment.clearStaleReaders()
                }
                return value
            }
        }
    }

    /// Forces every commit to the disk.
    func flush() throws(LedgerError) {
        try use { state throws(DatabaseError) in try state.environment.sync() }
    }

    /// Frees the slots of readers that died; how many there were.
    @discardableResult
    func clearStaleReaders() throws(LedgerError) -> Int {
        try use { state throws(DatabaseError) in try state.environment.clearStaleReaders() }
    }

    /// Reading transactions under way, over all processes.
    func readerCount() throws(LedgerError) -> Int {
        try gate.shared { () throws(LedgerError) in
            switch state {
            case .none: throw .outcomeUnknown(directory)
            case .some(let state): state.environment.readerCount()
            }
        }
    }

    /// Whether liblmdb refuses everything until the environment is reopened.
    var hasFatalError: Bool {
        do throws(DatabaseError) {
            // Begun and undone: only its refusal matters.
            try gate.shared { () throws(DatabaseError) in
                switch state {
                case .none: throw DatabaseError.unusable
                case .some(let state): _ = try state.environment.beginWriting()
                }
            }
            return false
        } catch {
            return error.isFatal
        }
    }

    /// Forces the environment to the disk, and frees what dead readers held.
    func settle() throws(LedgerError) {
        try flush()
        try clearStaleReaders()
    }

    private func use<Value>(
        _ body: (borrowing State) throws(DatabaseError) -> Value
    ) throws(LedgerError) -> Value {
        try gate.shared { () throws(LedgerError) in
            switch state {
            case .none: throw .outcomeUnknown(directory)
            case .some(let state):
                do throws(DatabaseError) {
                    return try body(state)
                } catch {
                    throw error.ledgerError(at: directory)
                }
            }
        }
    }
}
