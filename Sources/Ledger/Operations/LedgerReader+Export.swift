/// A ledger as text, one JSON object a line: see <doc:Operations>.
extension LedgerReader {
    /// Writes every event up to the head as it is now, and what it takes to make the very same
    /// ledger of it again. `write` is called with some whole lines at a time, while nothing is
    /// pinned.
    ///
    /// - Parameter describe: a JSON value that says what an event means, for who reads the lines;
    ///   importing ignores it.
    public func export(
        describing describe: ((borrowing EventView) throws -> String?)? = nil,
        _ write: ([UInt8]) throws -> Void
    ) throws {
        let metadata = try metadata()
        let head = try durableHead()
        try write(ExportText.opening(metadata, head))
        var next = Position.first
        while next <= head.position {
            var text = ExportText(describe)
            next = try withSnapshot(next) { snapshot throws(Corruption) in
                try text.addChunk(snapshot, from: next, through: head.position)
            }
            if let failure = text.failure { throw failure }
            try write(text.bytes)
        }
        let windows = try withSnapshot(head.position) { snapshot throws(Corruption) in
            try ProducerWindows(snapshot).through(head.position)
        }
        try write(ExportText.producers(windows))
        try write(ExportText.closing(head))
    }
}

/// Lines of an export being made. 64-bit numbers that programs may not tell apart as JSON numbers
/// are texts.
private struct ExportText {
    private(set) var bytes: [UInt8] = []
    private(set) var failure: (any Error)?
    private let describe: ((borrowing EventView) throws -> String?)?

    init(_ describe: ((borrowing EventView) throws -> String?)?) {
        self.describe = describe
    }

    static func opening(_ metadata: LedgerMetadata, _ head: LedgerHead) -> [UInt8] {
        Array(
            """
            {"trunkledger_export":1,"ledger":"\(metadata.id)","created_ns":"\(metadata.created)",\
            "head":\(head.position),"link":"\(head.link)"}

            """.utf8)
    }

    static func closing(_ head: LedgerHead) -> [UInt8] {
        Array("{\"end\":\(head.position),\"link\":\"\(head.link)\"}\n".utf8)
    }

    static func producers(_ windows: ProducerWindows) -> [UInt8] {
        var text = ""
        for (producer, window) in windows.all {
            text += "{\"remembered\":\"\(producer)\",\"forgotten\":\"\(window.forgotten)\"}\n"
            for entry in window.entries {
                text += "{\"remembered\":\"\(producer)\",\"sequence\":\"\(entry.sequence)\","
                text += "\"first\":\(entry.first)}\n"
            }
        }
        return Array(text.utf8)
    }

    /// Adds the frames from `first` on; returns the position to go on from.
    mutating func addChunk(
        _ snapshot: Snapshot, from first: Position, through last: Position
    ) throws(Corruption) -> Position {
        if let segment = try snapshot.segment(holding: first) {
            return try segment.withEvents { segment throws(Corruption) in
                try add(segment, from: first, through: last)
            }
        }
        var cursor = PageCursor(try snapshot.frames())
        let key = FrameLayout.key(first)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            throw .gap(expected: first)
        }
        var next = first
        while bytes.count < LedgerLimits.chunkBytesMax, next <= last, failure == nil {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            guard frame.first == next else { throw .gap(expected: next) }
            try frame.checkRecords()
            try frame.checkPayloads()
            try add(frame)
            next = frame.last.next
            guard try cursor.advance() else { break }
        }
        return next
    }

    private mutating func add(_ frame: FrameView) throws(Corruption) {
        add(FramePlace(frame), stamps: frame.stampCount)
        for index in 0..<frame.stampCount {
            let (stamp, first) = try frame.stamp(index)
            let count = frame.stampedEvents(index)
            let place = first.rawValue - frame.first.rawValue
            add("{\"producer\":\"\(stamp.producer.rawValue)\",\"sequence\":\"\(stamp.sequence)\"")
            add(",\"index\":\(place),\"events\":\(count)}\n")
        }
        for index in 0..<frame.count { add(try frame.event(index)) }
    }

    private mutating func add(
        _ segment: SegmentView, from first: Position, through last: Position
    ) throws(Corruption) -> Position {
        var decoder = try SegmentDecoder(segment)
        var next = first
        let base = segment.header.first.rawValue
        for place in try segment.places()
        where place.first >= first && place.last <= last && failure == nil {
            add(place, stamps: 0)
            for position in place.first.rawValue...place.last.rawValue {
                try decoder.visit(Int(position - base), in: segment) { add($0) }
            }
            next = place.last.next
        }
        guard next > first || failure != nil else { throw .gap(expected: first) }
        return next
    }

    private mutating func add(_ place: FramePlace, stamps: Int) {
        let count = place.last.rawValue - place.first.rawValue + 1
        add("{\"frame\":\(place.first),\"events\":\(count),\"boot\":\"\(place.bootID)\",")
        add("\"sequence\":\"\(place.producerSequence)\",\"stamps\":\(stamps),")
        add("\"link\":\"\(place.link)\"}\n")
    }

    private mutating func add(_ event: borrowing EventView) {
        let header = event.header
        add("{\"position\":\(event.position),\"kind\":\(header.kind.rawValue),")
        add("\"schema\":\(header.schemaVersion),")
        add("\"stream\":\"\(header.stream.rawValue.paddedHexadecimal)\",")
        add("\"time_ns\":\"\(header.wallTime)\",\"monotonic_ns\":\"\(header.monotonicTime)\",")
        add("\"payload\":\"\(Base64.encode(event.payload.array))\"")
        do {
            if let description = try describe?(event) { add(",\"fact\":\(description)") }
        } catch {
            failure = error
        }
        add("}\n")
    }

    private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
