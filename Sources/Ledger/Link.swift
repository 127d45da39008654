/// The chain value of a frame: SHA-256 over everything recorded up to and including it.
///
/// Two ledgers with the same link at the same position hold the same events.
public struct Link: Hashable, Sendable {
    /// The 32 bytes as they lie: four little-endian words.
    let words: InlineWords

    struct InlineWords: Hashable, Sendable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
    }

    static let byteCount = 32

    /// The 32 bytes of the digest.
    public var bytes: [UInt8] {
        [words.first, words.second, words.third, words.fourth].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
    }

    /// `nil` unless `bytes` are exactly 32.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        // UInt8 has no padding whose bytes could be uninitialised.
        unsafe self.init(bytes.span.bytes)
    }

    /// From the first 32 bytes of `bytes`.
    init(_ bytes: RawSpan) {
        words = InlineWords(bytes)
    }

    init(_ digest: SHA256.Digest) {
        words = digest
    }
}

extension Link.InlineWords {
    /// From the first 32 bytes of `bytes`.
    init(_ bytes: RawSpan) {
        self.init(
            first: bytes.word(at: 0), second: bytes.word(at: 8), third: bytes.word(at: 16),
            fourth: bytes.word(at: 24))
    }
}

extension Link: CustomStringConvertible {
    public var description: String {
        [words.first, words.second, words.third, words.fourth]
            .map(\.byteSwapped.paddedHexadecimal).joined()
    }
}
