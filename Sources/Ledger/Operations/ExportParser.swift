/// Reads the lines of an export, in their order, and makes its frames again.
///
///     opening --> frame --> its stamps --> its events --> frame ... --> remembered ... --> end
///
/// Every frame's link is computed anew from the events and held against the one in its line.
struct ExportParser {
    typealias Fault = ExportLine.Fault

    /// What a line completes.
    enum Product {
        case opening(LedgerMetadata)
        case frame(StoredFrame)
        /// The last line; these are remembered of the producers.
        case end(ProducerWindows)
    }

    /// A frame whose lines are still coming.
    private struct OpenFrame {
        var place: FrameEncoder.Place
        var link: Link
        var count: Int
        var stampsLeft: Int
        /// By the index of the batch's first event.
        /// In their order.
        var stamps: [(start: Int, count: Int, stamp: ProducerStamp)] = []
        var events: [(header: EventHeader, payload: [UInt8])] = []
        var byteCount = 0
    }

    private var expected: LedgerHead?
    private var head = LedgerHead(
        ledger: LedgerID(high: 0, low: 0), position: .zero,
        link: .origin(of: LedgerID(high: 0, low: 0)))
    private var chain = ChainState.origin(of: LedgerID(high: 0, low: 0))
    private var frame: OpenFrame?
    private var windows = ProducerWindows()
    private(set) var hasEnded = false

    mutating func add(_ line: ExportLine) throws(Fault) -> Product? {
        guard let expected else { return .opening(try open(line)) }
        if hasEnded { throw Fault(text: "there is more behind the end") }
        if frame != nil { return try continueFrame(line).map { .frame($0) } }
        if line.has("frame") {
            try begin(line)
        } else if line.has("remembered") {
            try remember(line)
        } else if line.has("end") {
            let end: UInt64 = try line.number("end")
            let link = Link(hexadecimal: try line.text("link"))
            guard head == expected, end == head.position.rawValue, link == head.link else {
                throw Fault(text: "the export ends at \(head.position), not as it says")
            }
            hasEnded = true
            return .end(windows)
        } else {
            throw Fault(text: "a frame was expected here")
        }
        return nil
    }

    private mutating func open(_ line: ExportLine) throws(Fault) -> LedgerMetadata {
        guard line.has("trunkledger_export") else {
            throw Fault(text: "this is no export of a ledger")
        }
        let version: Int = try line.number("trunkledger_export")
        guard version == 1 else { throw Fault(text: "version \(version) is not known") }
        guard let ledger = LedgerID(hexadecimal: try line.text("ledger")),
            let link = Link(hexadecimal: try line.text("link"))
        else { throw Fault(text: "\"ledger\" or \"link\" is malformed") }
        head = LedgerHead(ledger: ledger, position: .zero, link: .origin(of: ledger))
        chain = .origin(of: ledger)
        expected = LedgerHead(
            ledger: ledger, position: Position(rawValue: try line.number("head")), link: link)
        return LedgerMetadata(
            id: ledger, format: LedgerFormat.version, created: try line.number("created_ns"))
    }

    private mutating func begin(_ line: ExportLine) throws(Fault) {
        let first = Position(rawValue: try line.number("frame"))
        guard first == head.position.next else {
            throw Fault(text: "the frame at \(head.position.next) was expected here")
        }
        let count: Int = try line.number("events")
        let stamps: Int = try line.number("stamps")
        guard (1...LedgerLimits.frameEventsMax).contains(count), (0...count).contains(stamps)
        else { throw Fault(text: "no frame has so many events or stamps") }
        guard let bootID = BootID(hexadecimal: try line.text("boot")),
            let link = Link(hexadecimal: try line.text("link"))
        else { throw Fault(text: "\"boot\" or \"link\" is malformed") }
        frame = OpenFrame(
            place: FrameEncoder.Place(
                first: first, previousLink: head.link, bootID: bootID,
                producerSequence: try line.number("sequence")),
            link: link, count: count, stampsLeft: stamps)
    }

    /// The frame, once its last event is there.
    private mutating func continueFrame(_ line: ExportLine) throws(Fault) -> StoredFrame? {
        guard var open = frame.take() else { return nil }
        if open.stampsLeft > 0 {
            try addStamp(line, to: &open)
        } else {
            try addEvent(line, to: &open)
        }
        guard open.events.count == open.count else {
            frame = open
            return nil
        }
        let finished = StoredFrame(submissions(of: open), at: open.place)
        guard finished.link == open.link else {
            throw Fault(text: "the events do not hash to the link of their frame")
        }
        try advance(over: finished)
        head = LedgerHead(ledger: head.ledger, position: finished.last, link: finished.link)
        return finished
    }

    /// The writer's sequence is no part of the link, but counts on from frame to frame.
    private mutating func advance(over frame: StoredFrame) throws(Fault) {
        do throws(Corruption) {
            // UInt8 has no padding whose bytes could be uninitialised.
            let view = unsafe try FrameView(frame.bytes.span.bytes)
            try chain.advance(over: FramePlace(view))
        } catch {
            throw Fault(text: "\(error)")
        }
    }

    private func addStamp(_ line: ExportLine, to open: inout OpenFrame) throws(Fault) {
        let stamp = try stamp(line, producer: "producer")
        let index: Int = try line.number("index")
        let count: Int = try line.number("events")
        let end = open.stamps.last.map { $0.start + $0.count } ?? 0
        guard index >= end, count > 0, count <= open.count, index <= open.count - count else {
            throw Fault(text: "the stamp does not fit its frame")
        }
        open.stamps.append((index, count, stamp))
        open.stampsLeft -= 1
    }

    private func addEvent(_ line: ExportLine, to open: inout OpenFrame) throws(Fault) {
        let position = open.place.first.rawValue + UInt64(open.events.count)
        let found: UInt64 = try line.number("position")
        guard found == position else {
            throw Fault(text: "the event at \(position) was expected here")
        }
        guard let stream = UInt64(try line.text("stream"), radix: 16) else {
            throw Fault(text: "\"stream\" is malformed")
        }
        let payload = try line.base64("payload")
        open.byteCount += payload.count
        guard payload.count <= LedgerLimits.eventBytesMax,
            open.byteCount <= LedgerLimits.frameBytesMax
        else { throw Fault(text: "the payload is over the limit") }
        let header = EventHeader(
            kind: EventKind(rawValue: try line.number("kind")),
            schemaVersion: try line.number("schema"), stream: StreamID(rawValue: stream),
            wallTime: try line.number("time_ns"), monotonicTime: try line.number("monotonic_ns"))
        open.events.append((header, payload))
    }

    private func stamp(_ line: ExportLine, producer name: String) throws(Fault) -> ProducerStamp {
        let producer: UInt64 = try line.number(name)
        let sequence: UInt64 = try line.number("sequence")
        guard producer > 0, sequence > 0 else { throw Fault(text: "a stamp is never 0") }
        return ProducerStamp(producer: ProducerID(rawValue: producer), sequence: sequence)
    }

    /// As they were appended: each stamped batch by itself, and what lies between them.
    private func submissions(of open: OpenFrame) -> [Submission] {
        var submissions: [Submission] = []
        var start = 0
        func add(through end: Int, _ stamp: ProducerStamp?) {
            guard start < end else { return }
            var batch = EventBatch()
            for event in open.events[start..<end] {
                batch.append(event.header, payload: event.payload)
            }
            submissions.append(Submission(batch, bootID: open.place.bootID, stamp: stamp))
            start = end
        }
        for stamped in open.stamps {
            add(through: stamped.start, nil)
            add(through: stamped.start + stamped.count, stamped.stamp)
        }
        add(through: open.count, nil)
        return submissions
    }

    private mutating func remember(_ line: ExportLine) throws(Fault) {
        let number: UInt64 = try line.number("remembered")
        guard number > 0, windows.hasRoom(for: ProducerID(rawValue: number)) else {
            throw Fault(text: "there is no such producer, or one too many")
        }
        if line.has("forgotten") {
            windows.forget(ProducerID(rawValue: number), through: try line.number("forgotten"))
            return
        }
        let stamp = try stamp(line, producer: "remembered")
        let first = Position(rawValue: try line.number("first"))
        guard first > .zero, first <= head.position else {
            throw Fault(text: "nothing is recorded at \(first)")
        }
        windows.note(stamp, first: first)
    }
}
