/// What a datagram, or a message of a stream, turned out to be.
enum ParseOutcome: Sendable {
    case message(SIPMessage)
    /// A request with a fault that its sender should hear of: answer with `fault.status`.
    case malformedRequest(MalformedRequest)
    /// Nothing to act on or to answer: drop, and count it.
    case unusable(SIPParseError)

    init(parsing datagram: [UInt8]) {
        var room: [HeaderField] = []
        self.init(parsing: datagram, reusing: &room)
    }

    /// - Parameters:
    ///   - isFramed: the message was cut out of a stream, where Content-Length is a must (RFC 3261
    ///     section 20.14).
    ///   - room: of the fields of an earlier message, perhaps. What that message still needs is
    ///     left to it.
    init(parsing message: [UInt8], isFramed: Bool = false, reusing room: inout [HeaderField]) {
        self = MessageParser.outcome(message, needsContentLength: isFramed, reusing: &room)
    }
}

/// A request that cannot be taken but can be answered: its top Via names a hop. Any other header
/// may be missing or broken.
struct MalformedRequest: Sendable {
    let index: HeaderIndex
    let method: Method
    let fault: SIPParseError

    /// For the parser, which has checked the top Via.
    init(checked index: HeaderIndex, method: Method, fault: SIPParseError) {
        self.index = index
        self.method = method
        self.fault = fault
    }
}
