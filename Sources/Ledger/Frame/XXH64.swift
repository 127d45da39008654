/// The checksum of frames and stored values: XXH64 with seed 0.
///
/// Chosen over CRC-32C, which without the processor's own instruction runs at a tenth of the
/// speed: 64 bits against 32, and each 8-byte word enters through steps that can be undone, so a
/// change that stays within one aligned word never goes unseen. It guards against accidents; the
/// chain's SHA-256 guards against people.
///
/// Specification: the xxHash algorithm description, section "XXH64".
enum XXH64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    static func hash(_ bytes: RawSpan) -> UInt64 {
        let count = bytes.byteCount
        var at = 0
        var sum: UInt64
        if count >= 32 {
            sum = stripes(bytes, through: &at)
        } else {
            sum = prime5
        }
        sum &+= UInt64(count)
        while at &+ 8 <= count {
            sum ^= round(0, bytes.word(at: at))
            sum = rotate(sum, 27) &* prime1 &+ prime4
            at &+= 8
        }
        if at &+ 4 <= count {
            sum ^= UInt64(bytes.half(at: at)) &* prime1
            sum = rotate(sum, 23) &* prime2 &+ prime3
            at &+= 4
        }
        while at < count {
            sum ^= UInt64(bytes.byte(at: at)) &* prime5
            sum = rotate(sum, 11) &* prime1
            at &+= 1
        }
        return avalanche(sum)
    }

    /// Four lanes over stripes of 32 bytes; leaves `at` after the last whole stripe.
    private static func stripes(_ bytes: RawSpan, through at: inout Int) -> UInt64 {
        var lane1 = prime1 &+ prime2
        var lane2 = prime2
        var lane3: UInt64 = 0
        var lane4 = 0 &- prime1
        let last = bytes.byteCount &- 32
        while at <= last {
            lane1 = round(lane1, bytes.word(at: at))
            lane2 = round(lane2, bytes.word(at: at &+ 8))
            lane3 = round(lane3, bytes.word(at: at &+ 16))
            lane4 = round(lane4, bytes.word(at: at &+ 24))
            at &+= 32
        }
        var sum = rotate(lane1, 1) &+ rotate(lane2, 7) &+ rotate(lane3, 12) &+ rotate(lane4, 18)
        sum = merge(sum, lane1)
        sum = merge(sum, lane2)
        sum = merge(sum, lane3)
        return merge(sum, lane4)
    }

    @inline(__always)  // the inner step of every read and write
    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotate(lane &+ word &* prime2, 31) &* prime1
    }

    private static func merge(_ sum: UInt64, _ lane: UInt64) -> UInt64 {
        (sum ^ round(0, lane)) &* prime1 &+ prime4
    }

    private static func avalanche(_ value: UInt64) -> UInt64 {
        var sum = value
        sum ^= sum >> 33
        sum = sum &* prime2
        sum ^= sum >> 29
        sum = sum &* prime3
        return sum ^ (sum >> 32)
    }

    @inline(__always)  // one instruction
    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        (value &<< bits) | (value &>> (64 &- bits))
    }
}
