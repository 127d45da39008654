/// A SIP status code, 100 to 699 (RFC 3261 section 7.2).
public struct StatusCode: Hashable, Comparable, Sendable, RawRepresentable {
    public let rawValue: UInt16
    public init?(rawValue: UInt16) {
        guard (100...699).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }
    /// For codes written out in the source.
    public static func code(_ value: UInt16) -> Self {
        guard let code = Self(rawValue: value) else {
            preconditionFailure("a SIP status code lies between 100 and 699")
        }
        return code
    }
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    public var isProvisional: Bool { rawValue < 200 }
    public var isSuccess: Bool { (200..<300).contains(rawValue) }
}

extension StatusCode: FactField {
    public func encode(into encoder: inout FactEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let offset = decoder.offset
        guard let code = Self(rawValue: try decoder.integer()) else {
            throw .invalidField(offset: offset)
        }
        self = code
    }
    public var shown: FieldValue { .unsigned(UInt64(rawValue)) }
}

/// An ITU-T Q.850 cause value, 1 to 127.
public struct Q850Cause: Hashable, Sendable, RawRepresentable {
    public let rawValue: UInt8
    public init?(rawValue: UInt8) {
        guard (1...127).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }
    private init(_ value: UInt8) { rawValue = value }

    public static let unallocatedNumber = Self(1)
    public static let normalClearing = Self(16)
    public static let userBusy = Self(17)
    public static let noAnswer = Self(19)
    public static let callRejected = Self(21)
    public static let noCircuitAvailable = Self(34)
    public static let networkOutOfOrder = Self(38)
    public static let temporaryFailure = Self(41)
    public static let recoveryOnTimerExpiry = Self(102)
    public static let interworking = Self(127)
}

extension Q850Cause: FactField {
    public func encode(into encoder: inout FactEncoder) { encoder.append(rawValue) }
    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        let offset = decoder.offset
        guard let cause = Self(rawValue: try decoder.integer()) else {
            throw .invalidField(offset: offset)
        }
        self = cause
    }
    public var shown: FieldValue { .unsigned(UInt64(rawValue)) }
}
