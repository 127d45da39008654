/// RFC 3261 section 20.16.
struct CSeq: Sendable {
    let number: UInt32
    let method: Method
    /// The method's name as it stands.
    let methodName: Bytes

    init?(_ text: Bytes) {
        let span = text.span
        var digitsEnd = 0
        while digitsEnd < span.count, span[digitsEnd] &- 48 < 10 { digitsEnd += 1 }
        let nameStart = span.skipSpace(digitsEnd, span.count)
        guard let number = span.decimal(0, digitsEnd), nameStart > digitsEnd,
            nameStart < span.count,
            span.skip(.token, nameStart, span.count) == span.count
        else { return nil }
        self.number = number
        method = Method(span, nameStart, span.count)
        methodName = text[ByteRange(nameStart, span.count)]
    }
}
