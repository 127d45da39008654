// Facts about a call as a whole: both legs, every attempt.

/// An INVITE arrived. `invite` is the datagram as received: recovery answers from it.
public struct CallStarted: Fact {
    public static let kind = FactKind.callStarted
    public static let version: UInt8 = 1

    public var call: CallID
    public var direction: CallDirection
    public var caller: ShortName
    public var source: Endpoint
    public var listener: Endpoint
    public var aRaw: Octets
    public var aE164: Octets
    public var bRaw: Octets
    public var bE164: Octets
    public var did: Octets
    public var account: Octets
    public var dialerReference: Octets
    public var sipCallID: Octets
    public var invite: Octets

    public init(
        call: CallID, direction: CallDirection, caller: ShortName, source: Endpoint,
        listener: Endpoint, aRaw: Octets, aE164: Octets, bRaw: Octets, bE164: Octets, did: Octets,
        account: Octets, dialerReference: Octets, sipCallID: Octets, invite: Octets
    ) {
        self.call = call
        self.direction = direction
        self.caller = caller
        self.source = source
        self.listener = listener
        self.aRaw = aRaw
        self.aE164 = aE164
        self.bRaw = bRaw
        self.bE164 = bE164
        self.did = did
        self.account = account
        self.dialerReference = dialerReference
        self.sipCallID = sipCallID
        self.invite = invite
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        direction = try decoder.read()
        caller = try decoder.read()
        source = try decoder.read()
        listener = try decoder.read()
        aRaw = try decoder.read()
        aE164 = try decoder.read()
        bRaw = try decoder.read()
        bE164 = try decoder.read()
        did = try decoder.read()
        account = try decoder.read()
        dialerReference = try decoder.read()
        sipCallID = try decoder.read()
        invite = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("direction", direction)
        visitor.field("caller", caller)
        visitor.field("source", source)
        visitor.field("listener", listener)
        visitor.field("a_raw", aRaw)
        visitor.field("a_e164", aE164)
        visitor.field("b_raw", bRaw)
        visitor.field("b_e164", bE164)
        visitor.field("did", did)
        visitor.field("account", account)
        visitor.field("dialer_reference", dialerReference)
        visitor.field("sip_call_id", sipCallID)
        visitor.field("invite", invite)
    }

    public var stream: FactStream { FactStream(call) }
}

/// The trunks that may carry the call, in the order in which they are tried.
public struct RouteChosen: Fact {
    public static let kind = FactKind.routeChosen
    public static let version: UInt8 = 1

    public var call: CallID
    public var prefix: Octets
    public var trunks: [TrunkName]

    public init(call: CallID, prefix: Octets, trunks: [TrunkName]) {
        self.call = call
        self.prefix = prefix
        self.trunks = trunks
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        prefix = try decoder.read()
        trunks = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("prefix", prefix)
        visitor.field("trunks", trunks)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A 2xx is about to be sent to the caller. `response` is that datagram.
public struct CallAnswered: Fact {
    public static let kind = FactKind.callAnswered
    public static let version: UInt8 = 1

    public var call: CallID
    public var toTag: Octets
    public var response: Octets

    public init(call: CallID, toTag: Octets, response: Octets) {
        self.call = call
        self.toTag = toTag
        self.response = response
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        toTag = try decoder.read()
        response = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("to_tag", toTag)
        visitor.field("response", response)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A re-INVITE or an UPDATE changed the session, or refreshed it. `initiator` sent it.
public struct CallModified: Fact {
    public static let kind = FactKind.callModified
    public static let version: UInt8 = 2
    public static let oldestVersion: UInt8 = 1

    public var call: CallID
    public var initiator: CallParty
    public var code: StatusCode
    public var sequence: UInt32
    /// Where requests to each side go from now on, as URIs; empty where version 1 did not say.
    public var callerTarget: Octets
    public var calledTarget: Octets
    /// The datagram that answers a re-INVITE; empty for an UPDATE and in version 1.
    public var response: Octets

    public init(
        call: CallID, initiator: CallParty, code: StatusCode, sequence: UInt32,
        callerTarget: Octets = .empty, calledTarget: Octets = .empty, response: Octets = .empty
    ) {
        self.call = call
        self.initiator = initiator
        self.code = code
        self.sequence = sequence
        self.callerTarget = callerTarget
        self.calledTarget = calledTarget
        self.response = response
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        initiator = try decoder.read()
        code = try decoder.read()
        sequence = try decoder.read()
        let hasTargets = decoder.version >= 2
        callerTarget = hasTargets ? try decoder.read() : .empty
        calledTarget = hasTargets ? try decoder.read() : .empty
        response = hasTargets ? try decoder.read() : .empty
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("initiator", initiator)
        visitor.field("code", code)
        visitor.field("sequence", sequence)
        visitor.field("caller_target", callerTarget)
        visitor.field("called_target", calledTarget)
        visitor.field("response", response)
    }

    public var stream: FactStream { FactStream(call) }
}

/// The call is over for its parties. Channels are released on their own.
public struct CallEnded: Fact {
    public static let kind = FactKind.callEnded
    public static let version: UInt8 = 1

    public var call: CallID
    public var endedBy: EndedBy
    public var source: EndSource
    public var code: StatusCode?
    public var q850: Q850Cause?
    public var reason: Octets

    public init(
        call: CallID, endedBy: EndedBy, source: EndSource, code: StatusCode? = nil,
        q850: Q850Cause? = nil, reason: Octets
    ) {
        self.call = call
        self.endedBy = endedBy
        self.source = source
        self.code = code
        self.q850 = q850
        self.reason = reason
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        endedBy = try decoder.read()
        source = try decoder.read()
        code = try decoder.read()
        q850 = try decoder.read()
        reason = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("ended_by", endedBy)
        visitor.field("source", source)
        visitor.field("code", code)
        visitor.field("q850", q850)
        visitor.field("reason", reason)
    }

    public var stream: FactStream { FactStream(call) }
}

/// A call that a crash left open has ended, and only the bounds of its end are known: it was found
/// dead, or hung up with a request that may be a copy of one that came while nobody listened.
public struct CallRecovered: Fact {
    public static let kind = FactKind.callRecovered
    public static let version: UInt8 = 1

    public var call: CallID
    public var endLowerBound: WallInstant
    public var endUpperBound: WallInstant

    public init(call: CallID, endLowerBound: WallInstant, endUpperBound: WallInstant) {
        self.call = call
        self.endLowerBound = endLowerBound
        self.endUpperBound = endUpperBound
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        endLowerBound = try decoder.read()
        endUpperBound = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("call", call)
        visitor.field("end_lower_bound", endLowerBound)
        visitor.field("end_upper_bound", endUpperBound)
    }

    public var stream: FactStream { FactStream(call) }
}
