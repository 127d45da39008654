/// One value of a Reason header (RFC 3326): why a request was sent.
struct Reason: Sendable {
    enum Registry: Equatable, Sendable {
        /// A SIP status code.
        case sip
        /// An ITU-T Q.850 cause.
        case q850
        case other
    }

    let registry: Registry
    let cause: UInt16?
    /// The text without its quotes.
    let phrase: Bytes?

    init?(_ text: Bytes) {
        let span = text.span
        let end = span.skip(.token, 0, span.count)
        guard end > 0, let parameters = Parameters(text[ByteRange(end, span.count)]) else {
            return nil
        }
        if span.matches(0, end, "SIP") {
            registry = .sip
        } else if span.matches(0, end, "Q.850") {
            registry = .q850
        } else {
            registry = .other
        }
        cause = parameters.value("cause")?.decimal.flatMap { UInt16(exactly: $0) }
        phrase = parameters.value("text")?.unquoted
    }
}
