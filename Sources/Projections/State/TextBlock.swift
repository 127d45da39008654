import TrunkEvents

/// The names of the texts in a block, counted from 0 in their order.
protocol TextName: CaseIterable, RawRepresentable, Hashable, Sendable where RawValue == Int {}

/// Texts in one piece of memory, each behind its length: as saved states hold them one after the
/// other.
///
/// A call has a dozen texts. A piece of memory for each would cost more than all else that is done
/// for its record.
struct TextBlock<Name: TextName>: Hashable, Sendable {
    private(set) var bytes: [UInt8]

    /// Bytes that a tag, a codec and a reason take in most calls.
    private static var growth: Int { 32 }

    /// Every text empty.
    init() { self.init(byteCount: 0) { room in for _ in Name.allCases { room.store(number: 0) } } }

    /// Of texts that `body` stores in their order, all of them; `byteCount` is of the texts alone.
    init(byteCount: Int, _ body: (inout RoomWriter) -> Void) {
        let most = byteCount + Name.allCases.count * ShortNumber.byteCountMax
        // The writer lives as long as this closure.
        bytes = withUnsafeTemporaryAllocation(byteCount: most, alignment: 1) { room in
            var writer = RoomWriter(room)
            body(&writer)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(writer.count + Self.growth)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<writer.count]))
            return bytes
        }
    }

    /// Where a text lies in ``bytes``.
    func bounds(of name: Name) -> Range<Int> { text(at: start(of: name)) }

    /// Where a text lies with its length before it, or several that follow each other.
    func bounds(from first: Name, through last: Name) -> Range<Int> {
        let start = start(of: first)
        var end = start
        for _ in first.rawValue...last.rawValue { end = text(at: end).upperBound }
        return start..<end
    }

    private func start(of name: Name) -> Int {
        var start = 0
        for _ in 0..<name.rawValue { start = text(at: start).upperBound }
        return start
    }

    /// The text whose length stands there.
    private func text(at start: Int) -> Range<Int> {
        guard let (length, byteCount) = bytes.span.bytes.shortNumber(at: start) else {
            preconditionFailure("a block holds all of its texts")
        }
        return (start + byteCount)..<(start + byteCount + Int(length))
    }

    /// Hands out a text where it lies.
    func withText(_ name: Name, _ body: (RawSpan) -> Void) {
        body(bytes.span.bytes.extracting(bounds(of: name)))
    }

    /// Puts what `body` stores, as many texts, in the place of some that follow each other;
    /// `byteCount` is of the new texts alone.
    mutating func replace(
        _ first: Name, through last: Name, byteCount: Int, _ body: (inout RoomWriter) -> Void
    ) {
        let old = bounds(from: first, through: last)
        self = TextBlock(byteCount: bytes.count - old.count + byteCount) { room in
            room.store(bytes.span.bytes.extracting(..<old.lowerBound))
            body(&room)
            room.store(bytes.span.bytes.extracting(old.upperBound...))
        }
    }

    /// Most texts are set to what they are: nothing is copied for those. For the others there is
    /// room, most often.
    mutating func set(_ name: Name, _ text: RawSpan) {
        let old = bounds(of: name)
        if old.isEmpty && text.isEmpty { return }
        if bytes.span.bytes.extracting(old).hasSameBytes(as: text) { return }
        let place = bounds(from: name, through: name)
        let byteCount = ShortNumber.byteCount(of: UInt64(text.byteCount)) + text.byteCount
        bytes.replaceSubrange(place, with: repeatElement(0, count: byteCount))
        bytes.withUnsafeMutableBytes { room in
            // The writer lives as long as this closure.
            var writer = RoomWriter(
                UnsafeMutableRawBufferPointer(rebasing: room[place.lowerBound...]))
            writer.store(text: text)
        }
    }

    subscript(name: Name) -> Octets {
        get { Octets(Array(bytes[bounds(of: name)])) }
        set { set(name, newValue.bytes.span.bytes) }
    }
}

extension RoomWriter {
    /// Stores a text of a block with its length, or several that follow each other.
    mutating func store<Name>(
        _ first: Name, through last: Name? = nil, of block: TextBlock<Name>
    ) {
        let bounds = block.bounds(from: first, through: last ?? first)
        store(block.bytes.span.bytes.extracting(bounds))
    }

    mutating func store(text: Octets) { store(text: text.bytes.span.bytes) }
}

extension TextBlock: StateCodable {
    func encode(into encoder: inout StateEncoder) { encoder.append(contentsOf: bytes) }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        bytes = try decoder.texts(count: Name.allCases.count)
    }
}
