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
        let isSpecial = { (byte: UInt8) in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
        }
        guard !text.utf8.contains(where: isSpecial) else { return quotedField(text) }
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// Adds a field in quotes, whether it needs them or not.
    public mutating func quotedField(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
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
