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
    public private(set) var bytes: [UInt8]

    public init() { bytes = [] }

    init(appendingTo bytes: [UInt8]) { self.bytes = bytes }

    public mutating func write(_ value: some StateCodable) {
        value.encode(into: &self)
    }

    public mutating func append(_ value: some FixedWidthInteger) {
        // The bytes of the integer are read while it lives.
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func append(contentsOf tail: some Sequence<UInt8>) {
        bytes.append(contentsOf: tail)
    }

    /// Appends a value behind the number of its bytes.
    mutating func writeCounted(_ value: some StateCodable) {
        let start = bytes.count
        append(UInt32(0))
        value.encode(into: &self)
        let count = UInt32(bytes.count - start - MemoryLayout<UInt32>.size)
        for index in 0..<MemoryLayout<UInt32>.size {
            bytes[start + index] = UInt8(truncatingIfNeeded: count &>> UInt32(index * 8))
        }
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

    public mutating func integer<I: FixedWidthInteger>() throws(StateDecodingError) -> I {
        let width = I.bitWidth / 8
        guard bytes.count - offset >= width else { throw .truncated(offset: offset) }
        var value: I = 0
        for index in 0..<width {
            let byte = I(truncatingIfNeeded: bytes[offset + index])
            value |= byte &<< I(truncatingIfNeeded: index * 8)
        }
        offset += width
        return value
    }

    public mutating func bytes(count: Int) throws(StateDecodingError) -> [UInt8] {
        guard count >= 0, bytes.count - offset >= count else { throw .truncated(offset: offset) }
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
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
