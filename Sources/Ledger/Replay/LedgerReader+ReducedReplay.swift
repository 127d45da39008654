extension LedgerReader {
    /// What ``replay(_:from:through:_:)`` does, for work that needs no order: `add` takes each
    /// event ahead, on all processors, and `body` gets what that made of a stretch of the log on
    /// the calling thread, stretch after stretch in the order of the log.
    ///
    /// - Parameters:
    ///   - begin: makes what a stretch begins with.
    ///   - add: takes the events of a stretch in their order. It sees the log's own bytes, which
    ///     what it makes must not refer to.
    ///
    /// Throws what `body` throws, and ``LedgerError``. Do not wait for an append inside `body`.
    public func replay<Part: Sendable>(
        _ kinds: Set<EventKind>? = nil, from: Position = .first, through: Position? = nil,
        into begin: @escaping @Sendable () -> Part,
        _ add: @escaping @Sendable (inout Part, borrowing EventView) -> Void,
        _ body: (Part) throws -> ReadStep
    ) throws {
        let start = max(from, .first)
        let end = min(try head().position, through ?? Position(rawValue: .max))
        guard start <= end else { return }
        let stretches = try withSnapshot(start) { snapshot throws(Corruption) in
            Stretch.all(snapshot, from: start).filter { $0.first <= end }
        }
        var link: Link?
        try StretchCrew.walk(stretches) { stretch throws(LedgerError) in
            var reduced = ReducedStretch(EventScan(stretch.query(kinds), end: end), begin())
            try reduced.fill(self, add)
            return reduced
        } _: { result in
            var reduced = try result.get()
            if let link, let opening = reduced.scan.openingLink, link != opening {
                throw LedgerError.corrupt(reduced.first, .previousLink, in: directory.path)
            }
            while true {
                if try body(reduced.part) == .stop { return .stop }
                if reduced.isWhole { break }
                // Too large to be taken at once: the rest comes now that it is its turn.
                reduced.part = begin()
                try reduced.fill(self, add)
            }
            link = reduced.scan.link
            return .next
        }
    }
}

/// What was made of the events of a stretch.
private struct ReducedStretch<Part> {
    /// Where it began.
    let first: Position
    private(set) var scan: EventScan
    var part: Part
    /// Whether `scan` is at its end; else the payloads would have got too large.
    private(set) var isWhole = false

    init(_ scan: EventScan, _ initial: Part) {
        first = scan.next
        self.scan = scan
        part = initial
    }

    mutating func fill(
        _ reader: LedgerReader, _ add: (inout Part, borrowing EventView) -> Void
    ) throws(LedgerError) {
        isWhole = try scan.read(into: &part, reader, add) != .more
    }
}

extension EventScan {
    /// Reads on until the payloads get too large.
    ///
    /// `part` is a parameter of its own: where it lies in a generic type would be looked up for
    /// every event.
    fileprivate mutating func read<Part>(
        into part: inout Part, _ reader: LedgerReader,
        _ add: (inout Part, borrowing EventView) -> Void
    ) throws(LedgerError) -> Progress {
        var scan = self
        var payloadBytes = 0
        var progress = Progress.more
        while progress == .more, payloadBytes < LedgerLimits.stretchBytesMax {
            progress = try reader.withSnapshot(scan.next) { snapshot throws(Corruption) in
                try scan.readChunk(snapshot) { event in
                    payloadBytes += event.payload.byteCount
                    add(&part, event)
                    return .next
                }
            }
        }
        self = scan
        return progress
    }
}
