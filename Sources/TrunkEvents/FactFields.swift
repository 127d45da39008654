extension FixedWidthInteger where Self: FactField & BitwiseCopyable {
    public func encode(into encoder: inout FactEncoder) { encoder.append(self) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self = try decoder.integer()
    }
}

extension UInt16: FactField { public var shown: FieldValue { .unsigned(UInt64(self)) } }
extension UInt32: FactField { public var shown: FieldValue { .unsigned(UInt64(self)) } }
extension UInt64: FactField { public var shown: FieldValue { .unsigned(self) } }
extension Int64: FactField { public var shown: FieldValue { .integer(self) } }

extension Bool: FactField {
    public func encode(into encoder: inout FactEncoder) { encoder.append(UInt8(self ? 1 : 0)) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let offset = decoder.offset
        let value: UInt8 = try decoder.integer()
        guard value <= 1 else { throw .invalidField(offset: offset) }
        self = value == 1
    }
    public var shown: FieldValue { .truth(self) }
}

extension Optional: FactField where Wrapped: FactField {
    public func encode(into encoder: inout FactEncoder) {
        (self != nil).encode(into: &encoder)
        self?.encode(into: &encoder)
    }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let isPresent: Bool = try decoder.read()
        self = isPresent ? try Wrapped(from: &decoder) : nil
    }
    public var shown: FieldValue { self?.shown ?? .none }
}

extension Array: FactField where Element: FactField {
    public func encode(into encoder: inout FactEncoder) {
        precondition(count <= UInt16.max, "a list in a fact holds at most 65,535 elements")
        encoder.append(UInt16(count))
        for element in self { element.encode(into: &encoder) }
    }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let count: UInt16 = try decoder.integer()
        self = []
        for _ in 0..<count { append(try Element(from: &decoder)) }
    }
    public var shown: FieldValue { .list(map(\.shown)) }
}

extension Octets: FactField {
    public func encode(into encoder: inout FactEncoder) {
        precondition(bytes.count <= UInt32.max, "octets in a fact hold at most 4 GiB")
        encoder.append(UInt32(bytes.count))
        encoder.append(contentsOf: bytes)
    }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let count: UInt32 = try decoder.integer()
        self.init(try decoder.bytes(count: Int(count)))
    }
    public var shown: FieldValue { .text(description) }
}

extension ShortName: FactField {
    public func encode(into encoder: inout FactEncoder) {
        encoder.append(UInt8(count))
        encoder.append(contentsOf: bytes)
    }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let offset = decoder.offset
        let count: UInt8 = try decoder.integer()
        guard let name = ShortName(try decoder.take(Int(count))) else {
            throw .invalidField(offset: offset)
        }
        self = name
    }
    public var shown: FieldValue { .text(description) }
}

extension TrunkName: FactField {
    public func encode(into encoder: inout FactEncoder) { name.encode(into: &encoder) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self.init(try ShortName(from: &decoder))
    }
    public var shown: FieldValue { name.shown }
}

extension CarrierName: FactField {
    public func encode(into encoder: inout FactEncoder) { name.encode(into: &encoder) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self.init(try ShortName(from: &decoder))
    }
    public var shown: FieldValue { name.shown }
}

extension CallID: FactField {
    public func encode(into encoder: inout FactEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self.init(rawValue: try decoder.integer())
    }
    public var shown: FieldValue { .text(description) }
}

extension AttemptNumber: FactField {
    public func encode(into encoder: inout FactEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self.init(rawValue: try decoder.integer())
    }
    public var shown: FieldValue { .unsigned(UInt64(rawValue)) }
}

extension WallInstant: FactField {
    public func encode(into encoder: inout FactEncoder) { encoder.append(nanoseconds) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self.init(nanoseconds: try decoder.integer())
    }
    public var shown: FieldValue { .integer(nanoseconds) }
}

extension Nanoseconds: FactField {
    public func encode(into encoder: inout FactEncoder) { encoder.append(count) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self.init(try decoder.integer() as Int64)
    }
    public var shown: FieldValue { .integer(count) }
}

extension IPAddress: FactField {
    public func encode(into encoder: inout FactEncoder) {
        encoder.append(high)
        encoder.append(low)
    }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        self.init(high: try decoder.integer(), low: try decoder.integer())
    }
    public var shown: FieldValue { .text(description) }
}

extension Endpoint: FactField {
    public func encode(into encoder: inout FactEncoder) {
        encoder.append(transport.rawValue)
        address.encode(into: &encoder)
        encoder.append(port)
    }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let offset = decoder.offset
        guard let transport = TransportProtocol(rawValue: try decoder.integer()) else {
            throw .invalidField(offset: offset)
        }
        self.init(transport: transport, address: try decoder.read(), port: try decoder.integer())
    }
    public var shown: FieldValue { .text(description) }
}
