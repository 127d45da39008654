/// What a finished backup holds. It is written last: a backup whose log goes beyond its manifest,
/// or that has none, was cut short.
///
///     trunkledger/backup@v1
///     ledger ID
///     made NANOSECONDS             since 1970-01-01 00:00 UTC
///     head POSITION LINK
///     segment FIRST LAST SHA-256   of the content, one line a segment
public struct BackupManifest: Hashable, Sendable {
    private static let title = "trunkledger/backup@v1"

    public struct Segment: Hashable, Sendable {
        public let first: Position
        public let last: Position
        /// The content hash: see <doc:OnDiskFormat>.
        public let hash: Link
    }

    public let head: LedgerHead
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    public let made: Int64
    public let segments: [Segment]

    init(head: LedgerHead, made: Int64, segments: [Segment]) {
        self.head = head
        self.made = made
        self.segments = segments
    }

    var encoded: [UInt8] {
        var text = "\(Self.title)\nledger \(head.ledger)\nmade \(made)\n"
        text += "head \(head.position) \(head.link)\n"
        for segment in segments {
            text += "segment \(segment.first) \(segment.last) \(segment.hash)\n"
        }
        return Array(text.utf8)
    }

    /// `nil` for what is no manifest.
    init?(parsing bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n") else {
            return nil
        }
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        guard lines.count >= 4, lines[0] == [Self.title[...]],
            lines[1].count == 2, lines[1][0] == "ledger",
            let ledger = LedgerID(hexadecimal: lines[1][1]),
            lines[2].count == 2, lines[2][0] == "made", let made = Int64(lines[2][1]),
            lines[3].count == 3, lines[3][0] == "head",
            let position = UInt64(plain: lines[3][1]), let link = Link(hexadecimal: lines[3][2])
        else { return nil }
        var segments: [Segment] = []
        for words in lines.dropFirst(4) {
            guard words.count == 4, words[0] == "segment", let first = UInt64(plain: words[1]),
                let last = UInt64(plain: words[2]), let hash = Link(hexadecimal: words[3])
            else { return nil }
            segments.append(
                Segment(
                    first: Position(rawValue: first), last: Position(rawValue: last), hash: hash))
        }
        self.init(
            head: LedgerHead(ledger: ledger, position: Position(rawValue: position), link: link),
            made: made, segments: segments)
    }
}

extension LedgerID {
    /// From 32 hexadecimal digits.
    init?(hexadecimal text: some StringProtocol) {
        guard let words = Hexadecimal.words(text, count: 2) else { return nil }
        self.init(high: words[0], low: words[1])
    }
}

extension BootID {
    /// From 32 hexadecimal digits.
    init?(hexadecimal text: some StringProtocol) {
        guard let words = Hexadecimal.words(text, count: 2) else { return nil }
        self.init(high: words[0], low: words[1])
    }
}

extension Link {
    /// From 64 hexadecimal digits.
    public init?(hexadecimal text: some StringProtocol) {
        guard let found = Hexadecimal.words(text, count: 4) else { return nil }
        words = InlineWords(
            first: found[0].byteSwapped, second: found[1].byteSwapped,
            third: found[2].byteSwapped, fourth: found[3].byteSwapped)
    }
}

private enum Hexadecimal {
    /// `count` numbers of exactly 16 digits each, without anything between them.
    static func words(_ text: some StringProtocol, count: Int) -> [UInt64]? {
        let digits = [UInt8](text.utf8)
        guard digits.count == 16 * count, digits.allSatisfy(\.isHexadecimalDigit) else {
            return nil
        }
        return (0..<count).compactMap { index in
            UInt64(
                String(decoding: digits[16 * index..<16 * index + 16], as: UTF8.self), radix: 16)
        }
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
