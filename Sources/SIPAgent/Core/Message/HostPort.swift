/// `host [":" port]` with white space allowed around the colon, as a Via's sent-by has it.
struct HostPort: Equatable, Sendable {
    let host: ByteRange
    let port: UInt16?
    /// Where the text after it begins.
    let end: Int

    /// Reads at `lower`; nil when there is no host or the port is no number of 1...65535.
    init?(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        guard lower < upper else { return nil }
        var cursor: Int
        if text[lower] == UInt8(ascii: "[") {
            cursor = text.skip(.ipv6, lower + 1, upper)
            guard cursor > lower + 2, cursor < upper, text[cursor] == UInt8(ascii: "]") else {
                return nil
            }
            cursor += 1
        } else {
            cursor = text.skip(.host, lower, upper)
            guard cursor > lower else { return nil }
        }
        host = ByteRange(lower, cursor)
        let colon = text.skipSpace(cursor, upper)
        guard colon < upper, text[colon] == UInt8(ascii: ":") else {
            port = nil
            end = cursor
            return
        }
        let digits = text.skipSpace(colon + 1, upper)
        var digitsEnd = digits
        while digitsEnd < upper, text[digitsEnd] &- 48 < 10 { digitsEnd += 1 }
        guard let number = text.decimal(digits, digitsEnd), number > 0, number <= 65_535 else {
            return nil
        }
        port = UInt16(number)
        end = digitsEnd
    }
}
