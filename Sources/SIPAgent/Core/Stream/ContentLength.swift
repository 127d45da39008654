/// What a header section says of the body's length, read before the message is there as a whole.
enum ContentLength: Equatable, Sendable {
    case absent
    /// No number, or two that differ.
    case malformed
    case octets(UInt32)

    /// - Parameter text: with the whole header section, start line included, in `lower..<upper`.
    init(headers text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        self = .absent
        var line = Self.nextLine(text, lower, upper)
        while line < upper {
            // A line that begins with white space continues the one before (section 7.3.1).
            var end = Self.nextLine(text, line, upper)
            while end < upper, text[end] == 32 || text[end] == 9 {
                end = Self.nextLine(text, end, upper)
            }
            note(Self.value(text, line, end))
            line = end
        }
    }

    private mutating func note(_ found: Self) {
        switch (self, found) {
        case (_, .absent): break
        case (.absent, _): self = found
        case (.octets(let one), .octets(let other)) where one == other: break
        case (.octets, _), (.malformed, _): self = .malformed
        }
    }

    private static func value(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Self {
        guard let colon = text.position(of: UInt8(ascii: ":"), from: lower, to: upper) else {
            return .absent
        }
        let nameEnd = text.trimEnd(lower, colon)
        guard HeaderTable.shared.id(text, lower, nameEnd) == .contentLength else { return .absent }
        let start = text.skipSpace(colon + 1, upper)
        return text.decimal(start, text.trimEnd(start, upper)).map { .octets($0) } ?? .malformed
    }

    private static func nextLine(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Int {
        text.position(of: 10, from: lower, to: upper).map { $0 + 1 } ?? upper
    }
}
