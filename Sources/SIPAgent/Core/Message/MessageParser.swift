/// One pass over a datagram that finds the start line, the header fields and the body.
///
/// It stops at nothing that leaves the rest readable: the first fault is kept, so that a faulty
/// request can still be answered from the headers that were found.
struct MessageParser {
    private var fields: [HeaderField] = []
    private var fault: SIPParseError?
    private let needsContentLength: Bool
    private let names = HeaderTable.shared

    private init(needsContentLength: Bool) {
        self.needsContentLength = needsContentLength
    }

    /// - Parameter room: takes the place of new room for the fields, and is empty afterwards.
    static func outcome(
        _ datagram: [UInt8], needsContentLength: Bool, reusing room: inout [HeaderField]
    ) -> ParseOutcome {
        guard datagram.count <= MessageLimits.messageBytesMax else {
            return .unusable(.messageTooLong)
        }
        var parser = MessageParser(needsContentLength: needsContentLength)
        swap(&parser.fields, &room)
        parser.fields.removeAll(keepingCapacity: true)
        parser.fields.reserveCapacity(MessageLimits.headerFieldsTypical)
        let text = datagram.span
        var cursor = 0
        // RFC 3261 section 7.5: empty lines before the start line are ignored.
        while cursor < text.count, text[cursor] == 13 || text[cursor] == 10 { cursor += 1 }
        guard cursor < text.count else { return .unusable(.empty) }
        let end = LineEnd(of: text, from: cursor)
        let line: StartLineReading
        switch StartLineReading.read(text, cursor, end.contentEnd) {
        case .failure(let error): return .unusable(error)
        case .success(let reading): line = reading
        }
        parser.note(line.fault)
        parser.note(end.fault)
        let bodyStart = parser.readHeaders(text, from: end.next)
        let body = parser.bodyRange(text, from: bodyStart)
        let index = HeaderIndex(bytes: datagram, fields: parser.fields, body: body)
        parser.note(MessageCheck.fault(in: index, line.startLine))
        return parser.outcome(index, line)
    }

    private func outcome(_ index: HeaderIndex, _ line: StartLineReading) -> ParseOutcome {
        guard let fault else {
            return .message(SIPMessage(checked: index, startLine: line.startLine))
        }
        // An ACK is never answered, a broken response neither (RFC 3261 sections 8.2.6, 18.1.2).
        guard case .request(let method, _, _) = line.startLine, method != .ack,
            MessageCheck.hasAnswerableVia(index)
        else { return .unusable(fault) }
        return .malformedRequest(MalformedRequest(checked: index, method: method, fault: fault))
    }

    /// Keeps the first fault: later ones often follow from it.
    private mutating func note(_ found: SIPParseError?) {
        if fault == nil { fault = found }
    }

    /// Fills `fields`; returns where the body begins.
    private mutating func readHeaders(_ text: Span<UInt8>, from start: Int) -> Int {
        var cursor = start
        while cursor < text.count {
            // A name holds no control character, so that the search for one begins behind it.
            let nameEnd = text.skip(.token, cursor, text.count)
            let end = LineEnd(of: text, from: nameEnd)
            note(end.fault)
            if end.contentEnd == cursor, end.isTerminated { return end.next }
            readLine(text, cursor, nameEnd, end.contentEnd)
            cursor = end.next
        }
        note(.unterminatedHeaders)
        return text.count
    }

    private mutating func readLine(
        _ text: Span<UInt8>, _ start: Int, _ nameEnd: Int, _ end: Int
    ) {
        if text[start] == 32 || text[start] == 9 {
            extendLast(text, start, end)
            return
        }
        let colon = text.skipSpace(nameEnd, end)
        guard nameEnd > start, colon < end, text[colon] == UInt8(ascii: ":") else {
            note(.malformedHeaderLine)
            return
        }
        guard fields.count < MessageLimits.headerFieldsMax else {
            note(.tooManyHeaders)
            return
        }
        let valueStart = text.skipSpace(colon + 1, end)
        fields.append(
            HeaderField(
                name: ByteRange(start, nameEnd),
                value: ByteRange(valueStart, text.trimEnd(valueStart, end)),
                id: names.id(text, start, nameEnd)))
    }

    /// A line that begins with white space continues the one before (RFC 3261 section 7.3.1).
    private mutating func extendLast(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
        guard let last = fields.popLast() else {
            note(.malformedHeaderLine)
            return
        }
        let upper = text.trimEnd(start, end)
        let lower = last.value.isEmpty ? text.skipSpace(start, upper) : last.value.start
        let value = upper > start ? ByteRange(lower, max(upper, lower)) : last.value
        fields.append(HeaderField(name: last.name, value: value, id: last.id))
    }

    /// RFC 3261 section 18.3: over UDP bytes beyond Content-Length are ignored, too few are an
    /// error, and without the header the body is all that is left.
    private mutating func bodyRange(_ text: Span<UInt8>, from start: Int) -> ByteRange {
        var length: UInt32?
        for field in fields where field.id == .contentLength {
            guard let value = text.decimal(field.value.start, field.value.end) else {
                note(.invalid(.contentLength))
                continue
            }
            if let length, length != value { note(.duplicate(.contentLength)) }
            length = value
        }
        let rest = text.count - start
        guard let length else {
            if needsContentLength { note(.missing(.contentLength)) }
            return ByteRange(start, text.count)
        }
        if Int(length) > rest {
            note(.bodyTooShort)
            return ByteRange(start, text.count)
        }
        return ByteRange(start, start + Int(length))
    }
}

/// Where a line ends: at its CRLF, at a lone LF, or with the message.
private struct LineEnd {
    /// Without the line break.
    let contentEnd: Int
    /// Where the next line begins.
    let next: Int
    let isTerminated: Bool
    /// A line break that is no CRLF; a CR inside the line; a NUL that no backslash escapes.
    private(set) var fault: SIPParseError?

    init(of text: Span<UInt8>, from start: Int) {
        var position = start
        while true {
            position = text.controlPosition(from: position, to: text.count)
            guard position < text.count else { break }
            switch text[position] {
            case 10:
                contentEnd = position
                next = position + 1
                isTerminated = true
                fault = .strayControlCharacter
                return
            case 13 where position + 1 < text.count && text[position + 1] == 10:
                contentEnd = position
                next = position + 2
                isTerminated = true
                return
            case 13:
                fault = .strayControlCharacter
            case 0 where position == 0 || text[position - 1] != UInt8(ascii: "\\"):
                fault = .strayControlCharacter
            default:
                break
            }
            position += 1
        }
        contentEnd = text.count
        next = text.count
        isTerminated = false
        fault = fault ?? .unterminatedHeaders
    }
}
