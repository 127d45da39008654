/// What is remembered of one producer: the newest sequences, and how far it has forgotten.
struct ProducerWindow: Hashable {
    struct Entry: Hashable {
        var sequence: UInt64
        var first: Position
    }

    enum Verdict: Hashable {
        case fresh
        case duplicate(first: Position)
        case expired
    }

    /// Whether this sequence and those below it were recorded is no longer known; 0 when all is.
    private(set) var forgotten: UInt64 = 0
    /// By sequence, rising: every one above `forgotten` that was recorded.
    private(set) var entries: [Entry] = []

    init(forgottenThrough sequence: UInt64 = 0) {
        forgotten = sequence
    }

    func verdict(on sequence: UInt64) -> Verdict {
        if sequence <= forgotten { return .expired }
        let index = place(of: sequence)
        guard index < entries.count, entries[index].sequence == sequence else { return .fresh }
        return .duplicate(first: entries[index].first)
    }

    mutating func note(_ sequence: UInt64, first: Position) {
        guard sequence > forgotten else { return }
        let index = place(of: sequence)
        // Noted twice when frames are read again that were summed up before.
        if index < entries.count, entries[index].sequence == sequence { return }
        entries.insert(Entry(sequence: sequence, first: first), at: index)
        if entries.count > LedgerLimits.producerWindowMax {
            forgotten = entries.removeFirst().sequence
        }
    }

    /// What is known of the batches up to `position` alone. What was forgotten since stays so:
    /// whether it was recorded by then is not known.
    func through(_ position: Position) -> ProducerWindow {
        var window = self
        window.entries = entries.filter { $0.first <= position }
        return window
    }

    /// Of the first entry that is not below `sequence`; most often there is none.
    private func place(of sequence: UInt64) -> Int {
        if let last = entries.last, last.sequence < sequence { return entries.count }
        return entries.partitionPoint { $0.sequence >= sequence }
    }
}

/// As stored: forgotten (8), count (4), 0 (4), entries (sequence 8, first position 8), checksum.
extension ProducerWindow {
    private static let headBytes = 16
    private static let entryBytes = 16

    var storedBytes: Int {
        Self.headBytes + Self.entryBytes * entries.count + FrameLayout.checksumBytes
    }

    func store(into room: inout MutableRawSpan) {
        room.store(forgotten, at: 0)
        room.store(UInt64(entries.count), at: 8)
        var place = Self.headBytes
        for entry in entries {
            room.store(entry.sequence, at: place)
            room.store(entry.first.rawValue, at: place + 8)
            place += Self.entryBytes
        }
        room.store(XXH64.hash(room.bytes.extracting(first: place)), at: place)
    }

    init(stored: RawSpan) throws(Corruption) {
        let end = stored.byteCount - FrameLayout.checksumBytes
        guard end >= Self.headBytes,
            XXH64.hash(stored.extracting(first: end)) == stored.word(at: end)
        else { throw .valueChecksum }
        let count = stored.word(at: 8)
        guard count <= UInt64(LedgerLimits.producerWindowMax),
            end == Self.headBytes + Self.entryBytes * Int(count)
        else { throw .metadata(LedgerFormat.producersName) }
        forgotten = stored.word(at: 0)
        for index in 0..<Int(count) {
            let place = Self.headBytes + Self.entryBytes * index
            note(
                stored.word(at: place), first: Position(rawValue: stored.word(at: place + 8)))
        }
    }
}
