/// RFC 3261 section 20.16.
struct CSeq: Sendable {
    let number: UInt32
    let method: Method
    /// The method's name as it stands.
    let methodName: Bytes

    init?(_ text: Bytes) {
        let span = text.span
        guard let layout = CSeqLayout(span, 0, span.count) else { return nil }
        number = layout.number
        method = layout.method
        methodName = text[layout.methodName]
    }
}

/// Where the parts of a CSeq stand.
struct CSeqLayout {
    let number: UInt32
    let method: Method
    let methodName: ByteRange

    init?(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        var digitsEnd = lower
        while digitsEnd < upper, text[digitsEnd] &- 48 < 10 { digitsEnd += 1 }
        let nameStart = text.skipSpace(digitsEnd, upper)
        guard let number = text.decimal(lower, digitsEnd), nameStart > digitsEnd,
            nameStart < upper, text.skip(.token, nameStart, upper) == upper
        else { return nil }
        self.number = number
        method = Method(text, nameStart, upper)
        methodName = ByteRange(nameStart, upper)
    }
}
