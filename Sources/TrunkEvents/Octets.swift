/// Bytes as they came from the wire: a number, a tag, a whole SIP message. SIP text is UTF-8 by
/// intention only (RFC 3261 section 7), so nothing here assumes that it is.
public struct Octets: Hashable, Sendable {
    public var bytes: [UInt8]
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: some StringProtocol) { bytes = Array(text.utf8) }
    public init(copying text: RawSpan) { bytes = text.withUnsafeBytes { Array($0) } }
    public static let empty = Octets([])
    public var isEmpty: Bool { bytes.isEmpty }
    public var count: Int { bytes.count }
}

extension Octets: ExpressibleByStringLiteral {
    public init(stringLiteral text: StaticString) {
        bytes = text.withUTF8Buffer { Array($0) }
    }
}

extension Octets: CustomStringConvertible {
    /// For people: bytes that are not UTF-8 show as U+FFFD.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
