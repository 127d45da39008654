public import TrunkEvents

/// Writes JSON (RFC 8259) without blanks, members in the order in which they are added.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    /// Whether the next value or member needs a comma before it.
    private var needsComma = false

    public init() {}

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    public mutating func key(_ name: String) {
        separate()
        quote(name.utf8)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ text: String) { string(utf8: text.utf8) }

    mutating func string(utf8 text: some Collection<UInt8>) {
        separate()
        quote(text)
    }

    /// In UTC; see ``WallInstant/utcText``.
    public mutating func instant(_ instant: WallInstant) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        instant.appendUTCText(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Hands out what is written, and goes on without it.
    public mutating func take() -> [UInt8] {
        let taken = bytes
        bytes = []
        bytes.reserveCapacity(taken.count)
        return taken
    }

    public mutating func integer(_ value: some FixedWidthInteger) { literal(String(value)) }
    public mutating func truth(_ value: Bool) { literal(value ? "true" : "false") }
    public mutating func null() { literal("null") }

    /// The shortest text that reads back as the same value; `null` for what JSON cannot say.
    public mutating func number(_ value: Double) {
        literal(value.isFinite ? String(value) : "null")
    }

    /// Ends a line of newline-delimited JSON.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: some Collection<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text { escape(byte) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: (digits.count == 1 ? "\\u000" : "\\u00").utf8)
            bytes.append(contentsOf: digits.utf8)
        default: bytes.append(byte)
        }
    }
}
