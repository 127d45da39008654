import TrunkEvents

/// Stores values one after the other into room that was made for all of them: what is written for
/// millions of rows asks for no room a value. Each store is checked against the room's end.
struct RoomWriter {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    /// - Parameter room: has to live as long as the writer is used.
    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    // All of them inlined: they are a check and a store.
    @inline(__always)
    mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        check(MemoryLayout<Value>.size)
        room.storeBytes(of: value.littleEndian, toByteOffset: count, as: Value.self)
        count += MemoryLayout<Value>.size
    }

    /// Stores a number in as many bytes as it needs; see ``StateDecoder/number()``.
    @inline(__always)
    mutating func store(number: UInt64) {
        // Most are lengths below 128.
        if number < 128 { return store(UInt8(truncatingIfNeeded: number &<< 1 | 1)) }
        check(ShortNumber.byteCountMax)
        let length = ShortNumber.byteCount(of: number)
        if length < ShortNumber.byteCountMax {
            let word = number &<< UInt64(length) | 1 &<< UInt64(length - 1)
            room.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
        } else {
            room.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
            room.storeBytes(of: number.littleEndian, toByteOffset: count + 1, as: UInt64.self)
        }
        count += length
    }

    /// Stores a number that is small in either direction.
    @inline(__always)
    mutating func store(difference: Int64) {
        store(number: ShortNumber.folded(difference))
    }

    mutating func store(_ bytes: RawSpan) {
        check(bytes.byteCount)
        bytes.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: $0)
        }
        count += bytes.byteCount
    }

    /// Stores a text behind its length.
    mutating func store(text: RawSpan) {
        store(number: UInt64(text.byteCount))
        store(text)
    }

    /// Stores a name behind its length.
    mutating func store(_ name: ShortName) {
        store(UInt8(name.count))
        check(name.count)
        name.store(in: room, at: count)
        count += name.count
    }

    @inline(__always)
    private func check(_ byteCount: Int) {
        precondition(room.count - count >= byteCount, "the room that was made is too small")
    }
}
