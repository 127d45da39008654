/// RFC 3262 section 7.2: the provisional answer that a PRACK acknowledges.
struct RAck: Sendable {
    /// The RSeq of the answer.
    let rseq: UInt32
    /// Of the request that it answered.
    let cseq: CSeq

    init?(_ text: Bytes) {
        let span = text.span
        var digitsEnd = 0
        while digitsEnd < span.count, span[digitsEnd] &- 48 < 10 { digitsEnd += 1 }
        let next = span.skipSpace(digitsEnd, span.count)
        guard let rseq = span.decimal(0, digitsEnd), next > digitsEnd,
            let cseq = CSeq(text[ByteRange(next, span.count)])
        else { return nil }
        self.rseq = rseq
        self.cseq = cseq
    }
}
