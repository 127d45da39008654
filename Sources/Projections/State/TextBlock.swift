import TrunkEvents

/// The names of the texts in a block, counted from 0 in their order.
protocol TextName: CaseIterable, RawRepresentable, Hashable, Sendable where RawValue == Int {}

/// Texts in one piece of memory, each behind its length: as facts and saved states hold them one
/// after the other.
///
/// A call has a dozen texts. A piece of memory for each would cost more than all else that is done
/// for its record.
struct TextBlock<Name: TextName>: Hashable, Sendable {
    private(set) var bytes: [UInt8]

    /// Every text empty.
    init() { bytes = Array(repeating: 0, count: Name.allCases.count * Self.lengthBytes) }

    /// For texts that are appended in their order, all of them; `byteCount` is of the texts alone.
    init(byteCount: Int) {
        bytes = []
        bytes.reserveCapacity(byteCount + Name.allCases.count * Self.lengthBytes)
    }

    private static var lengthBytes: Int { MemoryLayout<UInt32>.size }

    mutating func append(_ text: RawSpan) {
        appendLength(text.byteCount)
        text.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: Octets) { append(text.bytes.span.bytes) }

    /// Appends a text, or several that follow each other, of another block.
    mutating func append<Other>(
        _ first: Other, through last: Other? = nil, of other: TextBlock<Other>
    ) {
        let start = other.bounds(of: first).lowerBound - Self.lengthBytes
        bytes.append(contentsOf: other.bytes[start..<other.bounds(of: last ?? first).upperBound])
    }

    private mutating func appendLength(_ count: Int) {
        withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Where a text lies in ``bytes``.
    func bounds(of name: Name) -> Range<Int> {
        var start = Self.lengthBytes
        for _ in 0..<name.rawValue { start += length(before: start) + Self.lengthBytes }
        return start..<(start + length(before: start))
    }

    private func length(before start: Int) -> Int {
        let word = bytes.span.bytes.unsafeLoadUnaligned(
            fromByteOffset: start - Self.lengthBytes, as: UInt32.self)
        return Int(UInt32(littleEndian: word))
    }

    /// Hands out a text where it lies.
    func withText(_ name: Name, _ body: (RawSpan) -> Void) {
        body(bytes.span.bytes.extracting(bounds(of: name)))
    }

    subscript(name: Name) -> Octets {
        get { Octets(Array(bytes[bounds(of: name)])) }
        set {
            let old = bounds(of: name)
            var length: [UInt8] = []
            withUnsafeBytes(of: UInt32(newValue.count).littleEndian) {
                length.append(contentsOf: $0)
            }
            bytes.replaceSubrange(
                (old.lowerBound - Self.lengthBytes)..<old.upperBound,
                with: length + newValue.bytes)
        }
    }
}

extension TextBlock: StateCodable {
    func encode(into encoder: inout StateEncoder) { encoder.append(contentsOf: bytes) }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        bytes = try decoder.texts(count: Name.allCases.count)
    }
}
