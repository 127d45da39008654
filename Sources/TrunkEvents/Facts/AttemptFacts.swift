// Facts about one INVITE to one trunk.

/// An INVITE is about to leave on the called leg. `invite` is that datagram.
public struct AttemptSent: Fact {
    public static let kind = FactKind.attemptSent
    public static let version: UInt8 = 1

    public var call: CallID
    public var trunk: TrunkName
    public var attempt: AttemptNumber
    public var calledLeg: CallLeg
    public var local: Endpoint
    public var remote: Endpoint
    public var sipCallID: Octets
    public var fromTag: Octets
    public var invite: Octets

    public init(
        call: CallID, trunk: TrunkName, attempt: AttemptNumber, calledLeg: CallLeg,
        local: Endpoint, remote: Endpoint, sipCallID: Octets, fromTag: Octets, invite: Octets
    ) {
        self.call = call
        self.trunk = trunk
        self.attempt = attempt
        self.calledLeg = calledLeg
        self.local = local
        self.remote = remote
        self.sipCallID = sipCallID
        self.fromTag = fromTag
        self.invite = invite
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        trunk = try decoder.read()
        attempt = try decoder.read()
        calledLeg = try decoder.read()
        local = try decoder.read()
        remote = try decoder.read()
        sipCallID = try decoder.read()
        fromTag = try decoder.read()
        invite = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("trunk", trunk)
        visitor.field("attempt", attempt)
        visitor.field("called_leg", calledLeg)
        visitor.field("local", local)
        visitor.field("remote", remote)
        visitor.field("sip_call_id", sipCallID)
        visitor.field("from_tag", fromTag)
        visitor.field("invite", invite)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A provisional answer above 100 arrived.
public struct AttemptProgressed: Fact {
    public static let kind = FactKind.attemptProgressed
    public static let version: UInt8 = 1

    public var call: CallID
    public var trunk: TrunkName
    public var attempt: AttemptNumber
    public var code: StatusCode
    public var toTag: Octets

    public init(
        call: CallID, trunk: TrunkName, attempt: AttemptNumber, code: StatusCode, toTag: Octets
    ) {
        self.call = call
        self.trunk = trunk
        self.attempt = attempt
        self.code = code
        self.toTag = toTag
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        trunk = try decoder.read()
        attempt = try decoder.read()
        code = try decoder.read()
        toTag = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("trunk", trunk)
        visitor.field("attempt", attempt)
        visitor.field("code", code)
        visitor.field("to_tag", toTag)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A 2xx arrived on the called leg. `response` is that datagram.
public struct AttemptAnswered: Fact {
    public static let kind = FactKind.attemptAnswered
    public static let version: UInt8 = 1

    public var call: CallID
    public var trunk: TrunkName
    public var attempt: AttemptNumber
    public var code: StatusCode
    public var toTag: Octets
    public var response: Octets

    public init(
        call: CallID, trunk: TrunkName, attempt: AttemptNumber, code: StatusCode, toTag: Octets,
        response: Octets
    ) {
        self.call = call
        self.trunk = trunk
        self.attempt = attempt
        self.code = code
        self.toTag = toTag
        self.response = response
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        trunk = try decoder.read()
        attempt = try decoder.read()
        code = try decoder.read()
        toTag = try decoder.read()
        response = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("trunk", trunk)
        visitor.field("attempt", attempt)
        visitor.field("code", code)
        visitor.field("to_tag", toTag)
        visitor.field("response", response)
    }

    public var stream: FactStream { FactStream(call) }
}

/// The attempt ended without a 2xx.
public struct AttemptFailed: Fact {
    public static let kind = FactKind.attemptFailed
    public static let version: UInt8 = 1

    public var call: CallID
    public var trunk: TrunkName
    public var attempt: AttemptNumber
    public var cause: AttemptFailure
    public var code: StatusCode?
    public var q850: Q850Cause?
    public var reason: Octets

    public init(
        call: CallID, trunk: TrunkName, attempt: AttemptNumber, cause: AttemptFailure,
        code: StatusCode? = nil, q850: Q850Cause? = nil, reason: Octets
    ) {
        self.call = call
        self.trunk = trunk
        self.attempt = attempt
        self.cause = cause
        self.code = code
        self.q850 = q850
        self.reason = reason
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        trunk = try decoder.read()
        attempt = try decoder.read()
        cause = try decoder.read()
        code = try decoder.read()
        q850 = try decoder.read()
        reason = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("trunk", trunk)
        visitor.field("attempt", attempt)
        visitor.field("cause", cause)
        visitor.field("code", code)
        visitor.field("q850", q850)
        visitor.field("reason", reason)
    }

    public var stream: FactStream { FactStream(call) }
}
