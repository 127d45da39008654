/// Reads CSV (RFC 4180) that comes in chunks, and says where each field began.
///
/// Line ends may be CRLF, LF or CR; empty lines are skipped; a byte order mark is no content.
/// ```
/// fieldStart --quote--> quoted --quote--> quoteInQuoted --quote--> quoted
///   |  ^                                   | delimiter or line end
///   |  +-----------------------------------+
///   +--other--> plain --delimiter or line end--> fieldStart
/// ```
public struct CSVParser: Sendable {
    /// A quote that nobody closed would otherwise take the rest of the file for one field.
    static let recordBytesMax = 1 << 20

    /// UTF-8's.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private enum State { case fieldStart, plain, quoted, quoteInQuoted }

    private let file: String
    private let delimiter: UInt8
    private var state = State.fieldStart
    private var record = CSVRecord()
    private var line = 1
    /// Bytes of the line before the one at hand.
    private var lineOffset = 0
    private var follows: UInt8 = 0
    private var markBytesSeen = 0
    private var isAtFileStart = true
    private var quoteBegan = CSVRecord.Place(line: 1, column: 1)

    /// - Parameter file: the name that problems speak of.
    public init(file: String, delimiter: UInt8 = UInt8(ascii: ",")) {
        self.file = file
        self.delimiter = delimiter
    }

    /// Takes the next bytes and hands out the records that end in them.
    public mutating func consume(
        _ chunk: [UInt8], _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputProblem) {
        var problem: InputProblem?
        chunk.withUnsafeBufferPointer { bytes in
            do throws(InputProblem) {
                try consume(bytes, body)
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
    }

    private mutating func consume(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputProblem) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isAtFileStart {
                guard try passesByteOrderMark(byte, body) else {
                    index += 1
                    continue
                }
            }
            let wasCarriageReturn = follows == 0x0D
            follows = byte
            if byte == 0x0A, wasCarriageReturn, state != .quoted {
                // The second half of a line end that has been taken.
                lineOffset = 0
                index += 1
                continue
            }
            if state == .plain || state == .quoted {
                let end = runEnd(bytes, from: index)
                if end > index {
                    record.append(bytes[index..<end])
                    if record.byteCount > Self.recordBytesMax { throw tooLong() }
                    lineOffset += end - index
                    follows = bytes[end - 1]
                    index = end
                    continue
                }
            }
            try take(byte, body)
            if record.byteCount > Self.recordBytesMax { throw tooLong() }
            index += 1
        }
    }

    /// Where bytes that mean nothing to the state end.
    private func runEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let isQuoted = state == .quoted
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 || byte == 0x0A || byte == 0x0D || (!isQuoted && byte == delimiter) {
                return index
            }
            index += 1
        }
        return index
    }

    /// What only begins like a mark is content. `false`: the byte is held.
    private mutating func passesByteOrderMark(
        _ byte: UInt8, _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputProblem) -> Bool {
        if byte == Self.byteOrderMark[markBytesSeen] {
            markBytesSeen += 1
            isAtFileStart = markBytesSeen < Self.byteOrderMark.count
            return false
        }
        try giveBackHeldBytes(body)
        return true
    }

    private mutating func giveBackHeldBytes(
        _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputProblem) {
        guard isAtFileStart else { return }
        isAtFileStart = false
        for held in Self.byteOrderMark[..<markBytesSeen] { try take(held, body) }
    }

    /// Hands out a last record without a line end.
    public mutating func finish(
        _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputProblem) {
        try giveBackHeldBytes(body)
        if state == .quoted { throw unclosedQuote() }
        if record.count > 0 || state != .fieldStart { try endRecord(body) }
    }

    private mutating func take(
        _ byte: UInt8, _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputProblem) {
        let place = CSVRecord.Place(line: line, column: lineOffset + 1)
        lineOffset += 1
        switch (state, byte) {
        case (.quoted, 0x22): state = .quoteInQuoted
        case (.quoted, _):
            record.append(byte)
            if byte == 0x0A { beginLine() }
        case (.fieldStart, 0x22):
            record.beginField(at: place)
            quoteBegan = place
            state = .quoted
        case (.quoteInQuoted, 0x22):
            record.append(byte)
            state = .quoted
        case (_, delimiter):
            if state == .fieldStart { record.beginField(at: place) }
            record.endField()
            state = .fieldStart
        case (_, 0x0A), (_, 0x0D):
            if state == .fieldStart { record.beginField(at: place) }
            try endRecord(body)
            beginLine()
        case (.fieldStart, _):
            record.beginField(at: place)
            record.append(byte)
            state = .plain
        case (.quoteInQuoted, _):
            throw problem(place, "after a closing quote comes a delimiter or the end of the line")
        case (.plain, _):
            throw problem(
                place, "a quote within a field: the whole field is quoted, and its quotes doubled")
        }
    }

    private mutating func beginLine() {
        line += 1
        lineOffset = 0
    }

    private mutating func endRecord(
        _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputProblem) {
        record.endField()
        state = .fieldStart
        if !record.isBlank { try body(record) }
        record.clear()
    }

    private func tooLong() -> InputProblem {
        if state == .quoted { return unclosedQuote() }
        let place = CSVRecord.Place(line: line, column: 1)
        return problem(place, "a record of more than \(Self.recordBytesMax) bytes is no CSV")
    }

    private func unclosedQuote() -> InputProblem {
        problem(quoteBegan, "a quote opens here and is never closed")
    }

    private func problem(_ place: CSVRecord.Place, _ message: String) -> InputProblem {
        InputProblem(file: file, line: place.line, column: place.column, message)
    }
}
