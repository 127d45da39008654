import TrunkEvents

/// Writes CSV (RFC 4180): CRLF line ends unless told otherwise, quotes where a field needs them.
public struct CSVWriter: Sendable {
    public enum LineEnd: Hashable, Sendable { case crlf, lf }

    public private(set) var bytes: [UInt8] = []
    private let lineEnd: LineEnd
    private var isAtLineStart = true

    public init(lineEnd: LineEnd = .crlf) {
        self.lineEnd = lineEnd
    }

    public mutating func field(_ text: String) {
        var text = text
        text.withUTF8 { field(utf8: $0.span.bytes) }
    }

    /// Adds a field in quotes, whether it needs them or not.
    public mutating func quotedField(_ text: String) { quotedField(text.utf8) }

    private mutating func field(utf8 text: RawSpan) {
        for offset in 0..<text.byteCount where Self.isSpecial(text.byte(at: offset)) {
            return quotedField(Octets(copying: text).bytes)
        }
        separate()
        text.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Adds a field of bytes as they came from the wire, which need not be UTF-8.
    mutating func field(octets text: RawSpan) {
        for offset in 0..<text.byteCount where text.byte(at: offset) >= 0x80 {
            return field(Octets(copying: text).description)
        }
        field(utf8: text)
    }

    mutating func emptyField() { separate() }

    /// Adds a field of the bytes that `append` adds.
    mutating func field(_ append: (inout [UInt8]) -> Void) {
        separate()
        let start = bytes.count
        append(&bytes)
        guard bytes[start...].contains(where: Self.isSpecial) else { return }
        let text = Array(bytes[start...])
        bytes.removeSubrange(start...)
        appendQuoted(text)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }

    private mutating func quotedField(_ text: some Collection<UInt8>) {
        separate()
        appendQuoted(text)
    }

    private mutating func appendQuoted(_ text: some Collection<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// In UTC; see ``WallInstant/utcText``.
    mutating func field(_ instant: WallInstant) {
        separate()
        instant.appendUTCText(to: &bytes)
    }

    mutating func field(_ value: some FixedWidthInteger) {
        separate()
        DecimalDigits.append(value, to: &bytes)
    }

    /// Hands out what is written, and goes on without it.
    public mutating func take() -> [UInt8] {
        let taken = bytes
        bytes = []
        bytes.reserveCapacity(taken.count)
        return taken
    }

    public mutating func endLine() {
        if lineEnd == .crlf { bytes.append(0x0D) }
        bytes.append(0x0A)
        isAtLineStart = true
    }

    private mutating func separate() {
        if !isAtLineStart { bytes.append(UInt8(ascii: ",")) }
        isAtLineStart = false
    }
}
