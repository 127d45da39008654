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
                return try environment.beginReading()
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

        func settle(_ directory: String) throws(LedgerError) {
            do throws(DatabaseError) {
                try environment.sync()
                try environment.clearStaleReaders()
            } catch {
                throw error.ledgerError(at: directory)
            }
        }
    }

    let directory: String
    private let gate = ReadWriteGate()
    private var state: State?
    private var mapBytes: Int

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

    /// Pins the newest commit and hands it to `body`.
    func withSnapshot<Value>(
        _ body: (Snapshot) throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value {
        try gate.shared { () throws(LedgerError) -> Value in
            switch state {
            case .none:
                throw .outcomeUnknown(directory)
            case .some(let state):
                let transaction = try state.beginReading(directory)
                let available = try state.available(directory)
                let snapshot = try snapshot(
                    state.map.prefix(available), commit: transaction.number)
                return try body(snapshot)
            }
        }
    }

    /// The meta page of `commit`, or of a later one whose pages are pinned as well.
    @_lifetime(copy bytes)
    private func snapshot(
        _ bytes: RawSpan, commit: UInt64
    ) throws(LedgerError) -> Snapshot {
        do throws(Corruption) {
            // The writer may be just replacing a meta page: then the next look finds it whole.
            for _ in 0..<8 {
                if let meta = try? MetaPage.both(bytes).newer, meta.commit >= commit {
                    guard meta.fileBytes <= bytes.byteCount else {
                        throw .page(meta.lastPage, .outOfFile)
                    }
                    let used = bytes.extracting(first: meta.fileBytes)
                    return Snapshot(PageFile(used, pageBytes: meta.pageBytes), meta)
                }
            }
            let metas = try MetaPage.both(bytes)
            throw .page(metas.newer.commit & 1, .meta)
        } catch {
            throw .corrupt(.zero, error, in: directory)
        }
    }

    /// Runs `body` in the write transaction and makes it durable.
    func write<Value>(
        _ body: (borrowing WriteTransaction) throws(DatabaseError) -> Value
    ) throws(DatabaseError) -> Value {
        try gate.shared { () throws(DatabaseError) -> Value in
            switch state {
            case .none:
                throw DatabaseError.unusable
            case .some(let state):
                let transaction = try state.environment.beginWriting()
                let value = try body(transaction)
                try transaction.commit()
                return value
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
        try gate.shared { () throws(LedgerError) in
            switch state {
            case .none: throw .outcomeUnknown(directory)
            case .some(let state): try state.settle(directory)
            }
        }
    }
}
