/// RFC 3261 section 20.33: how long, in seconds, the peer asks not to be asked again.
struct RetryAfter: Sendable {
    let seconds: UInt32
    /// How long the peer expects to be reachable then, in seconds.
    let duration: UInt32?

    init?(_ text: Bytes) {
        let span = text.span
        var digitsEnd = 0
        while digitsEnd < span.count, span[digitsEnd] &- 48 < 10 { digitsEnd += 1 }
        guard let seconds = span.decimal(0, digitsEnd) else { return nil }
        self.seconds = seconds
        // A comment in parentheses may stand between; parameters begin after it.
        let rest = text[ByteRange(digitsEnd, span.count)]
        let tail = rest.lastIndex(of: UInt8(ascii: ")")).map { rest[($0 + 1)...] } ?? rest
        duration = Parameters(tail)?.value("duration")?.decimal
    }
}
