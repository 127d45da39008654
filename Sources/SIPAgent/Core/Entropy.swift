/// Where tags, branches and jitter come from: the system's generator, or a seed that makes a run
/// repeatable.
public struct Entropy: RandomNumberGenerator, Sendable {
    private enum Source: Sendable {
        case system
        /// The four words of xoshiro256**, never all zero.
        case seeded(UInt64, UInt64, UInt64, UInt64)
    }

    private var source: Source

    private init(_ source: Source) { self.source = source }

    public static let system = Entropy(.system)

    /// The same seed gives the same numbers, everywhere and always.
    public static func seeded(_ seed: UInt64) -> Entropy {
        var state = seed
        let words = (
            splitMix(&state), splitMix(&state), splitMix(&state), splitMix(&state)
        )
        return Entropy(.seeded(words.0, words.1, words.2, words.3))
    }

    public mutating func next() -> UInt64 {
        switch source {
        case .system:
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        case .seeded(var a, var b, var c, var d):
            let scrambled = Self.rotate(b &* 5, 7) &* 9
            let shifted = b << 17
            c ^= a
            d ^= b
            b ^= c
            a ^= d
            c ^= shifted
            d = Self.rotate(d, 45)
            source = .seeded(a, b, c, d)
            return scrambled
        }
    }

    private static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word << bits | word >> (64 - bits)
    }

    /// Spreads one seed over the state, as the authors of xoshiro advise.
    private static func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

// Tokens of SIP. Their letters are lower case: peers may compare tags without regard to case.
extension Entropy {
    /// A From or To tag: 60 random bits, where RFC 3261 section 19.3 asks for 32.
    mutating func tag() -> [UInt8] {
        var tag: [UInt8] = []
        tag.reserveCapacity(12)
        appendSymbols(to: &tag)
        return tag
    }

    /// A Via branch with the magic cookie (RFC 3261 section 8.1.1.7) and 120 random bits.
    mutating func branch() -> [UInt8] {
        var branch = Array("z9hG4bK".utf8)
        branch.reserveCapacity(31)
        appendSymbols(to: &branch)
        appendSymbols(to: &branch)
        return branch
    }

    /// The whole value of a Call-ID, 120 random bits and no host: it tells nobody where we are.
    mutating func callID() -> [UInt8] {
        var callID: [UInt8] = []
        callID.reserveCapacity(24)
        appendSymbols(to: &callID)
        appendSymbols(to: &callID)
        return callID
    }

    /// Twelve letters or digits, five bits each.
    private mutating func appendSymbols(to bytes: inout [UInt8]) {
        var word = next()
        for _ in 0..<12 {
            let digit = UInt8(truncatingIfNeeded: word & 31)
            bytes.append(digit < 26 ? UInt8(ascii: "a") + digit : UInt8(ascii: "2") + digit - 26)
            word >>= 5
        }
    }
}
