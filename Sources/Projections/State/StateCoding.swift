import TrunkEvents

/// Why a byte string is not the saved state of a projection.
public enum StateDecodingError: Error, Hashable, Sendable {
    /// The bytes end inside the value that starts at `offset`.
    case truncated(offset: Int)
    /// The value at `offset` lies outside its type, or is not in canonical order.
    case invalidValue(offset: Int)
    case trailingBytes(offset: Int)
}

/// A value with exactly one encoding: equal values encode to equal bytes on every machine.
public protocol StateCodable {
    func encode(into encoder: inout StateEncoder)
    init(from decoder: inout StateDecoder) throws(StateDecodingError)
}

/// Appends values in little-endian order, without padding.
public struct StateEncoder: Sendable {
    /// Its first ``count`` bytes are what was appended. A row has fifty values: storing into room
    /// that is there costs a fraction of an array's append.
    private var room: [UInt8]
    private(set) var count: Int

    public init() { self.init(appendingTo: []) }

    init(appendingTo bytes: [UInt8]) {
        room = bytes
        count = bytes.count
    }

    /// What was appended, copied.
    public var bytes: [UInt8] { Array(room[..<count]) }

    /// Hands out what was appended where it lies.
    func withBytes(_ body: (RawSpan) -> Void) { body(room.span.bytes.extracting(..<count)) }

    /// Makes room for so many bytes more, so that appending them moves nothing.
    mutating func reserve(_ byteCount: Int) { count = makeRoom(byteCount) }

    /// Forgets what was appended and keeps the room.
    mutating func removeAll() { count = 0 }

    public mutating func write(_ value: some StateCodable) {
        value.encode(into: &self)
    }

    public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        let start = makeRoom(MemoryLayout<Value>.size)
        store(value, at: start)
    }

    public mutating func append(contentsOf tail: [UInt8]) {
        append(tail.span.bytes)
    }

    mutating func append(_ tail: RawSpan) {
        let start = makeRoom(tail.byteCount)
        room.withUnsafeMutableBytes { room in
            tail.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: room[start...]).copyMemory(from: $0)
            }
        }
    }

    /// Appends a name behind its length.
    mutating func append(_ name: ShortName) {
        append(UInt8(name.count))
        let start = makeRoom(name.count)
        room.withUnsafeMutableBytes { name.store(in: $0, at: start) }
    }

    /// Has `body` store values, `byteCount` bytes at most together, where room is made for all of
    /// them at once.
    mutating func append(atMost byteCount: Int, _ body: (inout RoomWriter) -> Void) {
        let start = makeRoom(byteCount)
        let stored = room.withUnsafeMutableBytes { room in
            // The writer lives as long as this closure.
            var writer = RoomWriter(
                UnsafeMutableRawBufferPointer(rebasing: room[start..<(start + byteCount)]))
            body(&writer)
            return writer.count
        }
        count = start + stored
    }

    /// Appends what `encode` appends behind the number of its bytes.
    mutating func appendCounted(_ encode: (inout StateEncoder) -> Void) {
        let start = makeRoom(MemoryLayout<UInt32>.size)
        encode(&self)
        store(UInt32(count - start - MemoryLayout<UInt32>.size), at: start)
    }

    private mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at offset: Int
    ) {
        // The room was made before.
        room.withUnsafeMutableBytes {
            $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
        }
    }

    /// Where so many bytes more are to be stored.
    private mutating func makeRoom(_ byteCount: Int) -> Int {
        let start = count
        count += byteCount
        if count > room.count {
            room.append(contentsOf: repeatElement(0, count: max(room.count, byteCount, 64)))
        }
        return start
    }
}

/// Reads values back; every read is checked against the bytes that are left.
public struct StateDecoder: Sendable {
    private let bytes: [UInt8]
    public private(set) var offset = 0

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ bytes: [UInt8], from offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    public mutating func read<Value: StateCodable>() throws(StateDecodingError) -> Value {
        try Value(from: &self)
    }

    public mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    ) throws(StateDecodingError) -> Value {
        let start = try skip(MemoryLayout<Value>.size)
        let value = bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: Value.self)
        return Value(littleEndian: value)
    }

    /// Where the next `count` bytes begin, which are read herewith.
    private mutating func skip(_ count: Int) throws(StateDecodingError) -> Int {
        let start = offset
        guard count >= 0, bytes.count - start >= count else { throw .truncated(offset: start) }
        offset += count
        return start
    }

    /// A name behind its length.
    mutating func name() throws(StateDecodingError) -> ShortName {
        let start = offset
        let count: UInt8 = try integer()
        let text = try skip(Int(count))
        guard let name = ShortName(bytes.span.bytes.extracting(text..<offset)) else {
            throw .invalidValue(offset: start)
        }
        return name
    }

    public mutating func bytes(count: Int) throws(StateDecodingError) -> [UInt8] {
        let start = try skip(count)
        return Array(bytes[start..<offset])
    }

    /// A number in as many bytes as it needs, and no more; see ``ShortNumber``.
    mutating func number() throws(StateDecodingError) -> UInt64 {
        guard let (number, byteCount) = bytes.span.bytes.shortNumber(at: offset) else {
            throw .truncated(offset: offset)
        }
        guard byteCount == ShortNumber.byteCount(of: number) else {
            throw .invalidValue(offset: offset)
        }
        offset += byteCount
        return number
    }

    /// A number of a narrower type.
    mutating func number<Value: FixedWidthInteger>() throws(StateDecodingError) -> Value {
        let start = offset
        let wide: UInt64 = try number()
        guard let number = Value(exactly: wide) else { throw .invalidValue(offset: start) }
        return number
    }

    /// A number that is small in either direction.
    mutating func difference() throws(StateDecodingError) -> Int64 {
        ShortNumber.unfolded(try number())
    }

    /// So many texts with the lengths before them, in one piece.
    mutating func texts(count: Int) throws(StateDecodingError) -> [UInt8] {
        let start = offset
        for _ in 0..<count {
            let length: UInt64 = try number()
            _ = try skip(Int(clamping: length))
        }
        return Array(consumed(since: start))
    }

    public func finish() throws(StateDecodingError) {
        guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
    }

    /// The bytes read since `start`.
    func consumed(since start: Int) -> ArraySlice<UInt8> {
        bytes[start..<offset]
    }
}

extension StateCodable {
    public var encoded: [UInt8] {
        var encoder = StateEncoder()
        encode(into: &encoder)
        return encoder.bytes
    }

    /// Reads a value that fills `bytes` to the last one.
    public init(decoding bytes: [UInt8]) throws(StateDecodingError) {
        var decoder = StateDecoder(bytes)
        self = try Self(from: &decoder)
        try decoder.finish()
    }
}
