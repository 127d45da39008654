public import Ledger
public import TrunkEvents

// The vocabulary's values in saved state.

extension Octets: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt32(bytes.count))
        encoder.append(contentsOf: bytes)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let count: UInt32 = try decoder.integer()
        self.init(try decoder.bytes(count: Int(count)))
    }
}

extension ShortName: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(self)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self = try decoder.name()
    }
}

extension TrunkName: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.write(name) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(try ShortName(from: &decoder))
    }
}

extension CarrierName: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.write(name) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(try ShortName(from: &decoder))
    }
}

extension CallID: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(rawValue: try decoder.integer())
    }
}

extension AttemptNumber: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(rawValue: try decoder.integer())
    }
}

extension WallInstant: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(nanoseconds) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(nanoseconds: try decoder.integer())
    }
}

extension MonotonicInstant: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(nanoseconds) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(nanoseconds: try decoder.integer())
    }
}

extension StatusCode: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let offset = decoder.offset
        guard let code = StatusCode(rawValue: try decoder.integer()) else {
            throw .invalidValue(offset: offset)
        }
        self = code
    }
}

extension Q850Cause: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let offset = decoder.offset
        guard let cause = Q850Cause(rawValue: try decoder.integer()) else {
            throw .invalidValue(offset: offset)
        }
        self = cause
    }
}

extension Endpoint: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(transport.rawValue)
        encoder.append(address.high)
        encoder.append(address.low)
        encoder.append(port)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let offset = decoder.offset
        guard let transport = TransportProtocol(rawValue: try decoder.integer()) else {
            throw .invalidValue(offset: offset)
        }
        let address = IPAddress(high: try decoder.integer(), low: try decoder.integer())
        self.init(transport: transport, address: address, port: try decoder.integer())
    }
}

extension BootID: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(high)
        encoder.append(low)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(high: try decoder.integer(), low: try decoder.integer())
    }
}

extension Position: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(rawValue: try decoder.integer())
    }
}
