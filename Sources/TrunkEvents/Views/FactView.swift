/// A fact where its bytes lie: nothing of it is decoded until somebody asks for it.
///
/// A fold that needs a call's id, or two texts of a fact that carries a whole SIP message, copies
/// nothing else. What is never asked for is not checked either.
public struct FactView: ~Escapable {
    public let kind: FactKind
    private let version: UInt8
    private let payload: RawSpan

    /// - Parameters:
    ///   - version: of the payload's encoding, as the envelope names it.
    ///   - payload: what ``Event/encode(into:)`` made.
    @_lifetime(copy payload)
    public init(kind: FactKind, version: UInt8, payload: RawSpan) {
        self.kind = kind
        self.version = version
        self.payload = payload
    }

    /// The whole fact.
    public func event() throws(FactDecodingError) -> Event {
        try Event(kind: kind.rawValue, version: version, payload: payload)
    }

    /// The call that a fact about a call speaks of: each of them begins with it.
    public func call() throws(FactDecodingError) -> CallID {
        var decoder = FactDecoder(payload)
        return try decoder.read()
    }

    /// The attempt that a fact about one speaks of: each of them begins with call, trunk, attempt.
    public func attempt() throws(FactDecodingError) -> AttemptPlace {
        var decoder = FactDecoder(payload)
        return try decoder.place()
    }

    /// The same without the trunk.
    public func numberedAttempt(
    ) throws(FactDecodingError) -> (call: CallID, number: AttemptNumber) {
        var decoder = FactDecoder(payload)
        let call: CallID = try decoder.read()
        try decoder.skipName()
        return (call, try decoder.read())
    }

    /// A decoder at the first field of a fact of that type.
    @_lifetime(copy self)
    func decoder<F: Fact>(of type: F.Type) throws(FactDecodingError) -> FactDecoder {
        precondition(kind == F.kind, "a \(kind) is read as what it is")
        var decoder = FactDecoder(payload)
        try decoder.begin(type, version)
        return decoder
    }

    private func whole<F: Fact>() throws(FactDecodingError) -> F {
        var decoder = try decoder(of: F.self)
        let fact = try F(from: &decoder)
        try decoder.finish()
        return fact
    }
}

/// Which attempt of which call on which trunk.
public struct AttemptPlace: Hashable, Sendable {
    public let call: CallID
    public let trunk: TrunkName
    public let attempt: AttemptNumber

    public init(call: CallID, trunk: TrunkName, attempt: AttemptNumber) {
        self.call = call
        self.trunk = trunk
        self.attempt = attempt
    }
}

/// Facts decoded whole, each kind by a function of its own: a generic one would be looked up anew
/// for every fact of another module's fold.
extension FactView {
    public func agentStarted() throws(FactDecodingError) -> AgentStarted { try whole() }
    public func trunkConfigured() throws(FactDecodingError) -> TrunkConfigured { try whole() }
    public func trunkRemoved() throws(FactDecodingError) -> TrunkRemoved { try whole() }
    public func trunkResting() throws(FactDecodingError) -> TrunkResting { try whole() }
    public func registrationSucceeded(
    ) throws(FactDecodingError) -> RegistrationSucceeded { try whole() }
    public func registrationExpired(
    ) throws(FactDecodingError) -> RegistrationExpired { try whole() }
    public func registrationRemoved(
    ) throws(FactDecodingError) -> RegistrationRemoved { try whole() }
    public func channelRefused() throws(FactDecodingError) -> ChannelRefused { try whole() }
    public func channelSeized() throws(FactDecodingError) -> ChannelSeized { try whole() }
    public func callRecovered() throws(FactDecodingError) -> CallRecovered { try whole() }
    public func callTransferred() throws(FactDecodingError) -> CallTransferred { try whole() }
}
