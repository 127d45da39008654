// Facts about our registrations with carriers (RFC 3261 section 10).

/// The registrar accepted our binding.
public struct RegistrationSucceeded: Fact {
    public static let kind = FactKind.registrationSucceeded
    public static let version: UInt8 = 1

    public var trunk: TrunkName
    public var registrar: Endpoint
    public var expiresSeconds: UInt32

    public init(trunk: TrunkName, registrar: Endpoint, expiresSeconds: UInt32) {
        self.trunk = trunk
        self.registrar = registrar
        self.expiresSeconds = expiresSeconds
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        registrar = try decoder.read()
        expiresSeconds = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("registrar", registrar)
        visitor.field("expires_seconds", expiresSeconds)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// The registrar refused our binding, or did not answer.
public struct RegistrationFailed: Fact {
    public static let kind = FactKind.registrationFailed
    public static let version: UInt8 = 1

    public var trunk: TrunkName
    public var cause: RegistrationFailure
    public var code: StatusCode?
    public var reason: Octets

    public init(
        trunk: TrunkName, cause: RegistrationFailure, code: StatusCode? = nil, reason: Octets
    ) {
        self.trunk = trunk
        self.cause = cause
        self.code = code
        self.reason = reason
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
        cause = try decoder.read()
        code = try decoder.read()
        reason = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
        visitor.field("cause", cause)
        visitor.field("code", code)
        visitor.field("reason", reason)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// The binding ran out before it could be refreshed.
public struct RegistrationExpired: Fact {
    public static let kind = FactKind.registrationExpired
    public static let version: UInt8 = 1

    public var trunk: TrunkName

    public init(trunk: TrunkName) {
        self.trunk = trunk
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
    }

    public var stream: FactStream { FactStream(trunk) }
}

/// We removed our binding.
public struct RegistrationRemoved: Fact {
    public static let kind = FactKind.registrationRemoved
    public static let version: UInt8 = 1

    public var trunk: TrunkName

    public init(trunk: TrunkName) {
        self.trunk = trunk
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        trunk = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("trunk", trunk)
    }

    public var stream: FactStream { FactStream(trunk) }
}
