/// Writes CSV (RFC 4180): CRLF line ends, quotes only where a field needs them.
public struct CSVWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var isAtLineStart = true

    public init() {}

    public mutating func field(_ text: String) {
        if !isAtLineStart { bytes.append(UInt8(ascii: ",")) }
        isAtLineStart = false
        let isSpecial = { (byte: UInt8) in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
        }
        guard text.utf8.contains(where: isSpecial) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func endLine() {
        bytes.append(contentsOf: [0x0D, 0x0A])
        isAtLineStart = true
    }
}
