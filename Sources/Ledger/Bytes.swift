/// Little-endian loads and stores. A bound is checked on every one of them: bytes that come from
/// disk are measured before they are read, so that a trap here is a bug of ours.
extension RawSpan {
    @inline(__always)  // two instructions; the checksum and every record go through here
    func word(at offset: Int) -> UInt64 {
        // Any eight bytes are a valid UInt64, and the load checks its bounds.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)  // see word(at:)
    func half(at offset: Int) -> UInt32 {
        // Any four bytes are a valid UInt32, and the load checks its bounds.
        UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)  // see word(at:)
    func quarter(at offset: Int) -> UInt16 {
        // Any two bytes are a valid UInt16, and the load checks its bounds.
        UInt16(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)  // see word(at:)
    func byte(at offset: Int) -> UInt8 {
        // Any byte is a valid UInt8, and the load checks its bounds.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// A copy on the heap, for what is small or must outlive the map.
    var array: [UInt8] {
        // The view is only read while the array copies from it.
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

extension MutableRawSpan {
    @inline(__always)  // every record of every append goes through here
    @_lifetime(self: copy self)
    mutating func store(_ word: UInt64, at offset: Int) {
        storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)  // see store(_: UInt64)
    @_lifetime(self: copy self)
    mutating func store(_ half: UInt32, at offset: Int) {
        storeBytes(of: half.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    @inline(__always)  // see store(_: UInt64)
    @_lifetime(self: copy self)
    mutating func store(_ quarter: UInt16, at offset: Int) {
        storeBytes(of: quarter.littleEndian, toByteOffset: offset, as: UInt16.self)
    }

    @inline(__always)  // see store(_: UInt64)
    @_lifetime(self: copy self)
    mutating func storeByte(_ byte: UInt8, at offset: Int) {
        storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }

    /// Copies `bytes` to `offset`.
    @_lifetime(self: copy self)
    mutating func store(_ bytes: [UInt8], at offset: Int) {
        // UInt8 has no padding whose bytes could be uninitialised.
        unsafe copy(bytes.span.bytes, to: offset)
    }

    /// Copies `bytes` to `offset`.
    @_lifetime(self: copy self)
    mutating func copy(_ bytes: RawSpan, to offset: Int) {
        precondition(offset >= 0 && bytes.byteCount <= byteCount - offset, "outside the span")
        // Both ranges were measured above; exclusive access rules out that they overlap.
        unsafe withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset...])
                    .copyMemory(from: source)
            }
        }
    }

}
