// The standard library's values in saved state.

extension FixedWidthInteger where Self: StateCodable & BitwiseCopyable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(self) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self = try decoder.integer()
    }
}

extension UInt8: StateCodable {}
extension UInt16: StateCodable {}
extension UInt32: StateCodable {}
extension UInt64: StateCodable {}
extension Int64: StateCodable {}

extension Bool: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(UInt8(self ? 1 : 0)) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let offset = decoder.offset
        let value: UInt8 = try decoder.integer()
        guard value <= 1 else { throw .invalidValue(offset: offset) }
        self = value == 1
    }
}

extension Optional: StateCodable where Wrapped: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(self != nil)
        self?.encode(into: &encoder)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let isPresent: Bool = try decoder.read()
        self = isPresent ? try Wrapped(from: &decoder) : nil
    }
}

extension Array: StateCodable where Element: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        for element in self { element.encode(into: &encoder) }
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let count: UInt64 = try decoder.integer()
        self = []
        for _ in 0..<count { append(try Element(from: &decoder)) }
    }
}

/// Hash tables have no order of their own: entries are written in the order of their encoded keys,
/// and read back only in that order.
extension Dictionary: StateCodable where Key: StateCodable, Value: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        // The keys in one piece of memory: a table may hold tens of thousands.
        var keys = StateEncoder()
        let entries = indices.map { place in
            let start = keys.count
            keys.write(self[place].key)
            return (key: start..<keys.count, place: place)
        }
        let text = keys.bytes
        let order = entries.sorted { text[$0.key].lexicographicallyPrecedes(text[$1.key]) }
        for entry in order {
            encoder.append(text.span.bytes.extracting(entry.key))
            self[entry.place].value.encode(into: &encoder)
        }
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let count: UInt64 = try decoder.integer()
        self.init()
        var previous: [UInt8]?
        for _ in 0..<count {
            let start = decoder.offset
            let key = try Key(from: &decoder)
            let bytes = Array(decoder.consumed(since: start))
            if let previous, !previous.lexicographicallyPrecedes(bytes) {
                throw .invalidValue(offset: start)
            }
            previous = bytes
            self[key] = try Value(from: &decoder)
        }
    }
}
