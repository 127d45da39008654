/// A name of at most 31 bytes, held in place.
///
/// Trunks and carriers are named in almost every fact. A fixed-size value keeps those facts free of
/// heap allocation, makes equality four word compares, and keeps each fact readable on its own:
/// no table is needed to say which trunk it speaks of.
public struct ShortName: Hashable, Sendable {
    /// 31 bytes of text and one of length.
    public static let byteCountMax = 31

    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// `nil` when the text is empty, too long or holds a control character.
    public init?(_ text: some StringProtocol) {
        self.init(bytes: Array(text.utf8))
    }

    public init?(bytes: [UInt8]) {
        self.init(bytes.span.bytes)
    }

    /// From bytes where they lie: takes nothing from the heap.
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount > 0, bytes.byteCount <= Self.byteCountMax else { return nil }
        words = (0, 0, 0, 0)
        for index in 0..<bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            guard byte >= 0x20, byte != 0x7F else { return nil }
            let shifted = UInt64(byte) &<< UInt64((index & 7) &* 8)
            switch index >> 3 {
            case 0: words.0 |= shifted
            case 1: words.1 |= shifted
            case 2: words.2 |= shifted
            default: words.3 |= shifted
            }
        }
        words.3 |= UInt64(bytes.byteCount) &<< 56
    }

    public var count: Int { Int(words.3 &>> 56) }

    public func byte(at index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "byte index outside the name")
        let word = switch index >> 3 {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: words.3
        }
        return UInt8(truncatingIfNeeded: word &>> UInt64((index & 7) &* 8))
    }

    public var bytes: [UInt8] {
        (0..<count).map { byte(at: $0) }
    }

    /// Stores the name's bytes in `room` from `offset` on, where there must be room for them.
    public func store(in room: UnsafeMutableRawBufferPointer, at offset: Int) {
        let text = (
            words.0.littleEndian, words.1.littleEndian, words.2.littleEndian, words.3.littleEndian
        )
        // The words are read while they live; `count` of their bytes are the name.
        withUnsafeBytes(of: text) { text in
            UnsafeMutableRawBufferPointer(rebasing: room[offset..<(offset + count)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: text[..<count]))
        }
    }

    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.words == rhs.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension ShortName: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
