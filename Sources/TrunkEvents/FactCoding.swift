/// Why a byte string is not the payload of an event.
public enum FactDecodingError: Error, Hashable, Sendable {
    case unknownKind(UInt16)
    case unknownVersion(kind: FactKind, version: UInt8)
    /// The payload ends inside the field that starts at `offset`.
    case truncated(offset: Int)
    /// The field at `offset` holds a value outside its type.
    case invalidField(offset: Int)
    case trailingBytes(offset: Int)
}

/// Appends fields in little-endian order, without padding.
public struct FactEncoder: FactVisitor {
    public private(set) var bytes: [UInt8]

    init(appendingTo bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    public mutating func field(_ name: StaticString, _ value: some FactField) {
        value.encode(into: &self)
    }

    public mutating func append(_ value: some FixedWidthInteger) {
        var rest = value.littleEndian
        withUnsafeBytes(of: &rest) { bytes.append(contentsOf: $0) }
    }

    public mutating func append(contentsOf tail: [UInt8]) {
        bytes.append(contentsOf: tail)
    }
}

/// Reads fields back; every read is checked against the bytes that are left.
public struct FactDecoder: ~Escapable {
    private let payload: RawSpan
    public private(set) var offset = 0
    /// The encoding's version, from the envelope.
    public private(set) var version: UInt8 = 1

    @_lifetime(copy payload)
    init(_ payload: RawSpan) {
        self.payload = payload
    }

    public mutating func read<Field: FactField>() throws(FactDecodingError) -> Field {
        try Field(from: &self)
    }

    mutating func fact<F: Fact>(_ version: UInt8) throws(FactDecodingError) -> F {
        try begin(F.self, version)
        return try F(from: &self)
    }

    /// Takes note of the version, if that is one of the fact's.
    mutating func begin<F: Fact>(_ type: F.Type, _ version: UInt8) throws(FactDecodingError) {
        guard (F.oldestVersion...F.version).contains(version) else {
            throw .unknownVersion(kind: F.kind, version: version)
        }
        self.version = version
    }

    public mutating func integer<I: FixedWidthInteger & BitwiseCopyable>(
    ) throws(FactDecodingError) -> I {
        let width = MemoryLayout<I>.size
        guard payload.byteCount - offset >= width else { throw .truncated(offset: offset) }
        let value = payload.unsafeLoadUnaligned(fromByteOffset: offset, as: I.self)
        offset += width
        return I(littleEndian: value)
    }

    public mutating func bytes(count: Int) throws(FactDecodingError) -> [UInt8] {
        try take(count).withUnsafeBytes { Array($0) }
    }

    /// The next `count` bytes where they lie: nothing is copied.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    mutating func take(_ count: Int) throws(FactDecodingError) -> RawSpan {
        guard payload.byteCount - offset >= count else { throw .truncated(offset: offset) }
        defer { offset += count }
        return payload.extracting(offset..<(offset + count))
    }

    /// The bytes of ``Octets`` where they lie.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    mutating func text() throws(FactDecodingError) -> RawSpan {
        let count: UInt32 = try integer()
        return try take(Int(count))
    }

    /// Passes over a ``ShortName``.
    mutating func skipName() throws(FactDecodingError) {
        let count: UInt8 = try integer()
        _ = try take(Int(count))
    }

    mutating func place() throws(FactDecodingError) -> AttemptPlace {
        AttemptPlace(call: try read(), trunk: try read(), attempt: try read())
    }

    func finish() throws(FactDecodingError) {
        guard offset == payload.byteCount else { throw .trailingBytes(offset: offset) }
    }
}
