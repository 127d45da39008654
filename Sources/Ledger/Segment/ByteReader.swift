/// Reads bytes that come from disk, front to back. Nothing outside them is read: what is missing
/// is thrown as `fault`.
struct ByteReader: ~Escapable {
    private let bytes: RawSpan
    private let fault: SegmentFault
    private(set) var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, or fault: SegmentFault) {
        self.bytes = bytes
        self.fault = fault
    }

    var isAtEnd: Bool { offset == bytes.byteCount }

    @_lifetime(self: copy self)
    mutating func word() throws(Corruption) -> UInt64 {
        try take(8).word(at: 0)
    }

    @_lifetime(self: copy self)
    mutating func byte() throws(Corruption) -> UInt8 {
        guard offset < bytes.byteCount else { throw .segment(fault) }
        defer { offset += 1 }
        return bytes.byte(at: offset)
    }

    /// LEB128: seven bits a byte, lowest first, the high bit on all but the last.
    @_lifetime(self: copy self)
    mutating func varint() throws(Corruption) -> UInt64 {
        // Most are a length below 128.
        if offset < bytes.byteCount, bytes.byte(at: offset) < 0x80 { return try UInt64(byte()) }
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            if shift == 63, byte > 1 { throw .segment(fault) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .segment(fault)
    }

    /// A varint that is at most `limit`.
    @_lifetime(self: copy self)
    mutating func count(atMost limit: Int) throws(Corruption) -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else { throw .segment(fault) }
        return Int(value)
    }

    @_lifetime(copy self)
    @_lifetime(self: copy self)
    mutating func take(_ count: Int) throws(Corruption) -> RawSpan {
        guard count >= 0, count <= bytes.byteCount - offset else { throw .segment(fault) }
        let taken = bytes.extracting(offset..<offset + count)
        offset += count
        return taken
    }
}

extension [UInt8] {
    /// Adds `value` as ``ByteReader/varint()`` reads it.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Adds the lowest `width` bytes of `value`, lowest first.
    mutating func append(_ value: UInt64, width: Int) {
        for index in 0..<width { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
}
