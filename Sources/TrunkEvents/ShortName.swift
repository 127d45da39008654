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
        let count = bytes.byteCount
        guard count > 0, count <= Self.byteCountMax else { return nil }
        words = (bytes.textWord(from: 0), 0, 0, 0)
        var isText = Self.isText(words.0)
        if count > 8 {
            words.1 = bytes.textWord(from: 8)
            isText = isText && Self.isText(words.1)
        }
        if count > 16 {
            words.2 = bytes.textWord(from: 16)
            isText = isText && Self.isText(words.2)
        }
        if count > 24 {
            words.3 = bytes.textWord(from: 24)
            isText = isText && Self.isText(words.3)
        }
        guard isText else { return nil }
        // Behind the last byte stood blanks.
        let blanks = (count & 7 == 0) ? 0 : Self.blanks &<< UInt64((count & 7) &* 8)
        switch (count - 1) >> 3 {
        case 0: words.0 ^= blanks
        case 1: words.1 ^= blanks
        case 2: words.2 ^= blanks
        default: words.3 ^= blanks
        }
        words.3 |= UInt64(count) &<< 56
    }

    fileprivate static let blanks: UInt64 = 0x2020_2020_2020_2020

    /// Whether none of eight bytes is a control character. Bit 7 of a byte of `low` is set where
    /// the byte lies below 0x20, of `delete` where it is 0x7F (Hacker's Delight, section 6-1).
    private static func isText(_ word: UInt64) -> Bool {
        let sevens: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let low = ~(((word & sevens) &+ 0x6060_6060_6060_6060) | word)
        let delete = ~((((word ^ sevens) & sevens) &+ sevens) | (word ^ sevens))
        return (low | delete) & ~sevens == 0
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

extension ShortName {
    /// A number that is another one for most other names, for a table of them.
    public var mixed: UInt64 {
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        let first = (words.0 &* factor) ^ words.1
        return (((first &* factor) ^ words.2) &* factor) ^ words.3
    }
}

extension RawSpan {
    /// Eight bytes from `offset` on as a little-endian word, blanks behind the last one.
    fileprivate func textWord(from offset: Int) -> UInt64 {
        let rest = byteCount - offset
        if rest >= 8 {
            let word = unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            return UInt64(littleEndian: word)
        }
        let blanks = ShortName.blanks &<< UInt64(rest &* 8)
        if rest >= 4 {
            // Two loads that overlap: what both have is the same.
            let low = unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let high = unsafeLoadUnaligned(fromByteOffset: offset + rest - 4, as: UInt32.self)
            return blanks | UInt64(UInt32(littleEndian: low))
                | UInt64(UInt32(littleEndian: high)) &<< UInt64((rest - 4) &* 8)
        }
        var word = blanks
        for index in 0..<rest {
            let byte = unsafeLoad(fromByteOffset: offset + index, as: UInt8.self)
            word |= UInt64(byte) &<< UInt64(index &* 8)
        }
        return word
    }
}

extension ShortName: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
