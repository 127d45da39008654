/// Header names to ids: an open-addressed table over a name's first bytes and length, built once.
struct HeaderTable: Sendable {
    static let shared = HeaderTable()

    private static let slots = 256
    private static let nameBytesMax = 24

    /// A name in lower case, eight bytes a word, with zeros behind it.
    private struct Name: Equatable {
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)

        static func == (one: Name, other: Name) -> Bool { one.words == other.words }

        init() {}

        @inline(__always)
        init(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
            words.0 = Self.word(text, lower, upper)
            if upper - lower > 8 { words.1 = Self.word(text, lower + 8, upper) }
            if upper - lower > 16 { words.2 = Self.word(text, lower + 16, upper) }
        }

        /// Up to eight bytes.
        @inline(__always)
        private static func word(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> UInt64 {
            let count = min(upper - lower, 8)
            guard lower + 8 <= text.count else { return gathered(text, lower, count) }
            return lowercased(text.word(at: lower) & (UInt64.max &>> UInt64(64 - 8 * count)))
        }

        /// Near the end of the text.
        private static func gathered(_ text: Span<UInt8>, _ lower: Int, _ count: Int) -> UInt64 {
            var word: UInt64 = 0
            for offset in 0..<count { word |= UInt64(text[lower + offset]) << UInt64(8 * offset) }
            return lowercased(word)
        }

        /// All eight bytes at once: bit 7 of each sum says whether a byte without its own bit 7
        /// lies above `@`, or above `Z`.
        @inline(__always)
        private static func lowercased(_ word: UInt64) -> UInt64 {
            let ascii = word & 0x7F7F_7F7F_7F7F_7F7F
            let fromA = ascii &+ 0x3F3F_3F3F_3F3F_3F3F
            let aboveZ = ascii &+ 0x2525_2525_2525_2525
            let upper = fromA & ~aboveZ & ~word & 0x8080_8080_8080_8080
            return word | upper &>> 2
        }
    }

    private var ids = [HeaderID](repeating: .other, count: slots)
    private var names: [Name]

    private init() {
        names = Array(repeating: Name(), count: Self.slots)
        for id in HeaderID.allCases where id != .other {
            let text = [UInt8](id.name)
            let name = Name(text.span, 0, text.count)
            var slot = Self.slot(name, text.count)
            while ids[slot] != .other { slot = (slot + 1) & (Self.slots - 1) }
            ids[slot] = id
            names[slot] = name
        }
    }

    @inline(__always)
    private static func slot(_ name: Name, _ count: Int) -> Int {
        let mixed = (name.words.0 ^ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> 56)
    }

    /// The id of the name in `lower..<upper`, in any case, long or compact.
    @inline(__always)
    func id(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> HeaderID {
        let count = upper - lower
        if count == 1 { return HeaderID(compact: text[lower]) ?? .other }
        guard count > 1, count <= Self.nameBytesMax else { return .other }
        let name = Name(text, lower, upper)
        var slot = Self.slot(name, count)
        while ids[slot] != .other {
            if names[slot] == name { return ids[slot] }
            slot = (slot + 1) & (Self.slots - 1)
        }
        return .other
    }
}

extension HeaderID {
    /// The id of a name written by a person, e.g. in a configuration.
    init(name: Bytes) {
        self = HeaderTable.shared.id(name.span, 0, name.count)
    }
}
