/// What is remembered of all producers, on the committer's thread.
///
/// The frames tell it: a stamped frame lists its stamps. So that neither a long log nor frames
/// that were sealed away matter, it is put into the database `producers` now and then, in a
/// transaction that commits anyway. A ledger that never saw a stamp has nothing there and pays
/// nothing.
struct ProducerWindows {
    private var windows: [ProducerID: ProducerWindow] = [:]
    private var unsaved: Set<ProducerID> = []
    /// The last position that the database sums up; `nil` while no stamp was ever recorded.
    private var savedThrough: Position?

    /// The key of `savedThrough`: producer 0 is the writer itself.
    private static let throughKey = key(FrameLayout.writerProducer)

    /// Nothing is remembered.
    init() {}

    /// Every producer's number and what is remembered of it, by number.
    var all: [(producer: UInt64, window: ProducerWindow)] {
        windows.map { ($0.key.rawValue, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// Of a ledger as `snapshot` shows it.
    init(_ snapshot: Snapshot) throws(Corruption) {
        guard let producers = try snapshot.database(LedgerFormat.producersName) else { return }
        var cursor = PageCursor(producers)
        guard try cursor.seekFirst() else { return }
        repeat {
            try load(cursor.key(), cursor.value())
        } while try cursor.advance()
        guard let savedThrough else { throw .metadata(LedgerFormat.producersName) }
        try replay(snapshot, after: savedThrough)
    }

    private mutating func load(_ key: RawSpan, _ value: RawSpan) throws(Corruption) {
        guard key.byteCount == 8 else { throw .metadata(LedgerFormat.producersName) }
        let number = key.word(at: 0).byteSwapped
        guard number != FrameLayout.writerProducer else {
            guard value.byteCount == 16, XXH64.hash(value.extracting(first: 8)) == value.word(at: 8)
            else { throw .valueChecksum }
            savedThrough = Position(rawValue: value.word(at: 0))
            return
        }
        windows[ProducerID(rawValue: number)] = try ProducerWindow(stored: value)
    }

    /// Takes in the stamps of the frames that are not summed up yet.
    private mutating func replay(_ snapshot: Snapshot, after saved: Position) throws(Corruption) {
        var cursor = PageCursor(try snapshot.frames())
        let key = FrameLayout.key(saved.next)
        // UInt8 has no padding whose bytes could be uninitialised.
        if unsafe try !cursor.seek(atOrBefore: key.span.bytes) {
            guard try cursor.seekFirst() else { return }
        }
        repeat {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            guard frame.stampCount > 0, frame.last > saved else { continue }
            try frame.checkRecords()
            for index in 0..<frame.stampCount {
                let found = try frame.stamp(index)
                note(found.stamp, first: found.first)
            }
        } while try cursor.advance()
    }

    func verdict(on stamp: ProducerStamp) -> ProducerWindow.Verdict {
        windows[stamp.producer]?.verdict(on: stamp.sequence) ?? .fresh
    }

    func hasRoom(for producer: ProducerID) -> Bool {
        windows.count < LedgerLimits.producersMax || windows[producer] != nil
    }

    mutating func note(_ stamp: ProducerStamp, first: Position) {
        windows[stamp.producer, default: ProducerWindow()].note(stamp.sequence, first: first)
        unsaved.insert(stamp.producer)
    }

    /// What is not noted up to `sequence` was forgotten.
    mutating func forget(_ producer: ProducerID, through sequence: UInt64) {
        windows[producer] = ProducerWindow(forgottenThrough: sequence)
        unsaved.insert(producer)
    }

    /// Whether a commit that ends at `head` should sum up.
    func isDue(at head: Position) -> Bool {
        guard let savedThrough else { return !unsaved.isEmpty }
        return head.rawValue - savedThrough.rawValue >= LedgerLimits.producerSaveEvents
    }

    /// Whether something would be lost with the frames that it was noted from.
    var isUnsaved: Bool { !unsaved.isEmpty }

    /// Sums up what was noted through `head`, in the transaction that makes it so.
    func save(
        through head: Position, in transaction: borrowing WriteTransaction
    ) throws(DatabaseError) {
        let database = try transaction.open(LedgerFormat.producersName)
        for producer in unsaved.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let window = windows[producer] else { continue }
            try transaction.reserve(
                Self.key(producer.rawValue), byteCount: window.storedBytes, .anywhere,
                in: database
            ) { window.store(into: &$0) }
        }
        try transaction.reserve(Self.throughKey, byteCount: 16, .anywhere, in: database) { room in
            room.store(head.rawValue, at: 0)
            room.store(XXH64.hash(room.bytes.extracting(first: 8)), at: 8)
        }
    }

    /// What is known of the batches up to `position` alone, none of it put down yet.
    func through(_ position: Position) -> ProducerWindows {
        var windows = self
        windows.windows = self.windows.mapValues { $0.through(position) }
        windows.unsaved = Set(windows.windows.keys)
        return windows
    }

    /// After that transaction was committed.
    mutating func saved(through head: Position) {
        unsaved.removeAll()
        savedThrough = head
    }

    private static func key(_ producer: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: producer >> UInt64(56 - 8 * $0)) }
    }
}
