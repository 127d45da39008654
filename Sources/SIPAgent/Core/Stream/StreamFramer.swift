/// Cuts a stream of octets (TCP, TLS) into messages (RFC 3261 section 18.3). Sans-IO: octets come
/// in as the network cut them, items go out.
///
/// ```
///              a line begins              empty line           Content-Length octets are there
///  between ------------------> headers --------------> body ------------------------------+
///   ^   |                         |                                                       |
///   |   +-- CRLFCRLF: a ping      +-- too long, or no Content-Length that can be          |
///   |                             |   followed: the header section, then broken           |
///   |                             v                                                       |
///   |                          broken                                                     |
///   +------------------------------------ a message --------------------------------------+
/// ```
struct StreamFramer: Sendable {
    private var buffer: [UInt8] = []
    /// What is not handed out yet begins here; lengths in `state` count from here.
    private var start = 0
    private var state = State.between(emptyLines: 0)

    private enum State {
        case between(emptyLines: Int)
        /// So many octets hold no end of the header section.
        case headers(scanned: Int)
        case body(messageLength: Int)
        case broken(StreamFault)
    }

    private enum Step {
        case next
        case wait
        case item(StreamItem)
    }

    /// No message waits for its rest.
    var isBetweenMessages: Bool {
        switch state {
        case .between: true
        case .headers, .body, .broken: false
        }
    }

    mutating func append(_ octets: some Collection<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: octets)
    }

    /// The next item; `nil` until more octets come. Nothing follows `broken`.
    mutating func next() -> StreamItem? {
        while true {
            let step =
                switch state {
                case .between(let emptyLines): skipEmptyLine(after: emptyLines)
                case .headers(let scanned): readHeaders(from: scanned)
                case .body(let messageLength): readBody(messageLength)
                case .broken(let fault): Step.item(.broken(fault))
                }
            switch step {
            case .next: continue
            case .wait: return nil
            case .item(let item): return item
            }
        }
    }

    /// Empty lines before a start line mean nothing (RFC 3261 section 7.5), but two in a row are a
    /// ping (RFC 5626 section 4.4.1).
    private mutating func skipEmptyLine(after emptyLines: Int) -> Step {
        guard start < buffer.count else { return .wait }
        let isReturn = buffer[start] == 13
        if isReturn, start + 1 == buffer.count { return .wait }
        guard buffer[start] == 10 || (isReturn && buffer[start + 1] == 10) else {
            state = .headers(scanned: 0)
            return .next
        }
        start += isReturn ? 2 : 1
        state = .between(emptyLines: isReturn ? (emptyLines + 1) % 2 : 0)
        return isReturn && emptyLines == 1 ? .item(.ping) : .next
    }

    private mutating func readHeaders(from scanned: Int) -> Step {
        guard let length = headerLength(from: scanned) else {
            // Where the section's end is looked for again: its three octets may be cut anywhere.
            state = .headers(scanned: max(0, buffer.count - start - 2))
            guard buffer.count - start > MessageLimits.messageBytesMax else { return .wait }
            state = .broken(.headersTooLong)
            return .next
        }
        switch ContentLength(headers: buffer.span, start, start + length) {
        case .octets(let count) where length + Int(count) <= MessageLimits.messageBytesMax:
            state = .body(messageLength: length + Int(count))
            return .next
        case .octets:
            return breakOff(.messageTooLong, after: length)
        case .absent:
            return breakOff(.noContentLength, after: length)
        case .malformed:
            return breakOff(.malformedContentLength, after: length)
        }
    }

    /// Nobody knows where the next message begins. What is known of this one goes up, so that it
    /// can be answered.
    private mutating func breakOff(_ fault: StreamFault, after length: Int) -> Step {
        guard length <= MessageLimits.messageBytesMax else {
            state = .broken(.headersTooLong)
            return .next
        }
        state = .broken(fault)
        return .item(.message(take(length)))
    }

    private mutating func readBody(_ messageLength: Int) -> Step {
        guard buffer.count - start >= messageLength else { return .wait }
        state = .between(emptyLines: 0)
        return .item(.message(take(messageLength)))
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer { start += count }
        return Array(buffer[start..<(start + count)])
    }

    /// Through the empty line that ends the header section, its line ends CRLF or bare LF.
    private func headerLength(from scanned: Int) -> Int? {
        let text = buffer.span
        var cursor = start + scanned
        while let newline = text.position(of: 10, from: cursor, to: text.count) {
            let next = newline + 1
            if next < text.count, text[next] == 10 { return next + 1 - start }
            if next + 1 < text.count, text[next] == 13, text[next + 1] == 10 {
                return next + 2 - start
            }
            cursor = next
        }
        return nil
    }
}

/// What a stream holds next.
enum StreamItem: Equatable, Sendable {
    /// A message whose body is as long as its Content-Length says; before `broken` perhaps a header
    /// section alone.
    case message([UInt8])
    /// The peer asks whether the connection lives: it is answered with `StreamFramer.pong`.
    case ping
    /// The connection is of no further use and must be closed.
    case broken(StreamFault)
}

extension StreamFramer {
    /// RFC 5626 section 4.4.1.
    static let ping: [UInt8] = [13, 10, 13, 10]
    static let pong: [UInt8] = [13, 10]
}

/// Why nobody knows where the next message of a stream begins.
enum StreamFault: Hashable, Sendable {
    /// Beyond `MessageLimits.messageBytesMax`.
    case headersTooLong
    case messageTooLong
    /// A stream needs it (RFC 3261 section 20.14).
    case noContentLength
    case malformedContentLength
}
