/// A set of ASCII bytes as two bit masks, so that a grammar's character class is one shift and one
/// test.
struct ByteSet: Sendable {
    private let low: UInt64
    private let high: UInt64

    @inline(__always)
    private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        // Without a branch: which half a byte lies in is as good as random.
        let half = byte & 0x40 == 0 ? low : high
        return byte < 128 && (half &>> UInt64(byte & 0x3F)) & 1 == 1
    }

    /// RFC 3261 section 25.1, `token`.
    @inline(__always) static var token: ByteSet {
        ByteSet(low: 0x03ff_6ca2_0000_0000, high: 0x47ff_ffff_87ff_fffe)
    }

    /// `word`, of which a Call-ID is made.
    @inline(__always) static var word: ByteSet {
        ByteSet(low: 0xd7ff_efa6_0000_0000, high: 0x6fff_ffff_bfff_fffe)
    }

    /// `user` without escapes; "#" is added because dial strings carry it unescaped in practice.
    @inline(__always) static var user: ByteSet {
        ByteSet(low: 0xabff_ffda_0000_0000, high: 0x47ff_fffe_87ff_fffe)
    }

    @inline(__always) static var password: ByteSet {
        ByteSet(low: 0x23ff_7fd2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
    }

    /// `paramchar` of a SIP URI's parameters, without escapes.
    @inline(__always) static var uriParameter: ByteSet {
        ByteSet(low: 0x07ff_efd2_0000_0000, high: 0x47ff_fffe_afff_fffe)
    }

    /// What the names and values of a SIP URI's headers may hold, without escapes.
    @inline(__always) static var uriHeader: ByteSet {
        ByteSet(low: 0x87ff_ef92_0000_0000, high: 0x47ff_fffe_afff_fffe)
    }

    /// `hostname` and `IPv4address`, plus "_", which real host names carry.
    @inline(__always) static var host: ByteSet {
        ByteSet(low: 0x03ff_6000_0000_0000, high: 0x07ff_fffe_87ff_fffe)
    }

    @inline(__always) static var ipv6: ByteSet {
        ByteSet(low: 0x07ff_4000_0000_0000, high: 0x0000_007e_0000_007e)
    }

    /// `reserved` / `unreserved` / "%": all that a URI of an unknown scheme may be made of.
    @inline(__always) static var uri: ByteSet {
        ByteSet(low: 0xafff_fffa_0000_0000, high: 0x47ff_fffe_afff_ffff)
    }

    @inline(__always) static var scheme: ByteSet {
        ByteSet(low: 0x03ff_6800_0000_0000, high: 0x07ff_fffe_07ff_fffe)
    }

    /// What an unquoted display name must not hold: delimiters that make it ambiguous, and
    /// controls.
    @inline(__always) static var displayDelimiter: ByteSet {
        ByteSet(low: 0x5800_1004_ffff_ffff, high: 0x8000_0000_1000_0000)
    }

    /// Where an unquoted parameter value ends.
    @inline(__always) static var valueDelimiter: ByteSet {
        ByteSet(low: 0x5800_1004_ffff_ffff | 1 << 32, high: 0x8000_0000_1000_0000)
    }
}
