// Facts that carry texts, or whole SIP messages, where they lie: those are the payload's own bytes.

/// ``CallStarted`` without what only recovery needs.
public struct CallStartedView: ~Escapable {
    public let call: CallID
    public let direction: CallDirection
    public let source: Endpoint
    public let aRaw: RawSpan
    public let aE164: RawSpan
    public let bRaw: RawSpan
    public let bE164: RawSpan
    public let did: RawSpan
    public let account: RawSpan
    public let dialerReference: RawSpan
    public let sipCallID: RawSpan
    public let invite: RawSpan

    @_lifetime(copy decoder)
    fileprivate init(_ decoder: consuming FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        direction = try decoder.read()
        try decoder.skipName()
        source = try decoder.read()
        _ = try decoder.read() as Endpoint
        aRaw = try decoder.text()
        aE164 = try decoder.text()
        bRaw = try decoder.text()
        bE164 = try decoder.text()
        did = try decoder.text()
        account = try decoder.text()
        dialerReference = try decoder.text()
        sipCallID = try decoder.text()
        invite = try decoder.text()
        try decoder.finish()
    }
}

/// ``AttemptSent`` without what only recovery needs.
public struct AttemptSentView: ~Escapable {
    public let place: AttemptPlace
    public let remote: Endpoint
    public let sipCallID: RawSpan
    public let fromTag: RawSpan

    @_lifetime(copy decoder)
    fileprivate init(_ decoder: consuming FactDecoder) throws(FactDecodingError) {
        place = try decoder.place()
        _ = try decoder.read() as CallLeg
        _ = try decoder.read() as Endpoint
        remote = try decoder.read()
        sipCallID = try decoder.text()
        fromTag = try decoder.text()
        _ = try decoder.text()
        try decoder.finish()
    }
}

/// ``AttemptProgressed``.
public struct AttemptProgressedView: ~Escapable {
    public let place: AttemptPlace
    public let code: StatusCode
    public let toTag: RawSpan

    @_lifetime(copy decoder)
    fileprivate init(_ decoder: consuming FactDecoder) throws(FactDecodingError) {
        place = try decoder.place()
        code = try decoder.read()
        toTag = try decoder.text()
        try decoder.finish()
    }
}

/// ``AttemptFailed``.
public struct AttemptFailedView: ~Escapable {
    public let place: AttemptPlace
    public let cause: AttemptFailure
    public let code: StatusCode?
    public let q850: Q850Cause?
    public let reason: RawSpan

    @_lifetime(copy decoder)
    fileprivate init(_ decoder: consuming FactDecoder) throws(FactDecodingError) {
        place = try decoder.place()
        cause = try decoder.read()
        code = try decoder.read()
        q850 = try decoder.read()
        reason = try decoder.text()
        try decoder.finish()
    }
}

/// ``CallEnded``.
public struct CallEndedView: ~Escapable {
    public let call: CallID
    public let endedBy: EndedBy
    public let source: EndSource
    public let code: StatusCode?
    public let q850: Q850Cause?
    public let reason: RawSpan

    @_lifetime(copy decoder)
    fileprivate init(_ decoder: consuming FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        endedBy = try decoder.read()
        source = try decoder.read()
        code = try decoder.read()
        q850 = try decoder.read()
        reason = try decoder.text()
        try decoder.finish()
    }
}

/// ``AttemptAnswered``.
public struct AttemptAnsweredView: ~Escapable {
    public let place: AttemptPlace
    public let code: StatusCode
    public let toTag: RawSpan
    public let response: RawSpan

    @_lifetime(copy decoder)
    fileprivate init(_ decoder: consuming FactDecoder) throws(FactDecodingError) {
        place = try decoder.place()
        code = try decoder.read()
        toTag = try decoder.text()
        response = try decoder.text()
        try decoder.finish()
    }
}

/// ``CallAnswered``.
public struct CallAnsweredView: ~Escapable {
    public let call: CallID
    public let toTag: RawSpan
    public let response: RawSpan

    @_lifetime(copy decoder)
    fileprivate init(_ decoder: consuming FactDecoder) throws(FactDecodingError) {
        call = try decoder.read()
        toTag = try decoder.text()
        response = try decoder.text()
        try decoder.finish()
    }
}

extension FactView {
    @_lifetime(copy self)
    public func callStarted() throws(FactDecodingError) -> CallStartedView {
        try CallStartedView(decoder(of: CallStarted.self))
    }

    @_lifetime(copy self)
    public func attemptSent() throws(FactDecodingError) -> AttemptSentView {
        try AttemptSentView(decoder(of: AttemptSent.self))
    }

    @_lifetime(copy self)
    public func attemptAnswered() throws(FactDecodingError) -> AttemptAnsweredView {
        try AttemptAnsweredView(decoder(of: AttemptAnswered.self))
    }

    @_lifetime(copy self)
    public func callAnswered() throws(FactDecodingError) -> CallAnsweredView {
        try CallAnsweredView(decoder(of: CallAnswered.self))
    }

    @_lifetime(copy self)
    public func attemptProgressed() throws(FactDecodingError) -> AttemptProgressedView {
        try AttemptProgressedView(decoder(of: AttemptProgressed.self))
    }

    @_lifetime(copy self)
    public func attemptFailed() throws(FactDecodingError) -> AttemptFailedView {
        try AttemptFailedView(decoder(of: AttemptFailed.self))
    }

    @_lifetime(copy self)
    public func callEnded() throws(FactDecodingError) -> CallEndedView {
        try CallEndedView(decoder(of: CallEnded.self))
    }
}
