public import TrunkEvents

/// The texts of a record that most records have.
enum RecordText: Int, TextName {
    case account, dialerReference, aRaw, aE164, bRaw, bE164, did
    case sipCallID, fromTag, toTag, dialerCallID
}

extension CDRRow {
    public var account: Octets {
        get { texts[.account] }
        set { texts[.account] = newValue }
    }
    public var dialerReference: Octets {
        get { texts[.dialerReference] }
        set { texts[.dialerReference] = newValue }
    }
    public var aRaw: Octets {
        get { texts[.aRaw] }
        set { texts[.aRaw] = newValue }
    }
    public var aE164: Octets {
        get { texts[.aE164] }
        set { texts[.aE164] = newValue }
    }
    public var bRaw: Octets {
        get { texts[.bRaw] }
        set { texts[.bRaw] = newValue }
    }
    public var bE164: Octets {
        get { texts[.bE164] }
        set { texts[.bE164] = newValue }
    }
    public var did: Octets {
        get { texts[.did] }
        set { texts[.did] = newValue }
    }
    /// The trunk leg's Call-ID and tags.
    public var sipCallID: Octets {
        get { texts[.sipCallID] }
        set { texts[.sipCallID] = newValue }
    }
    public var fromTag: Octets {
        get { texts[.fromTag] }
        set { texts[.fromTag] = newValue }
    }
    public var toTag: Octets {
        get { texts[.toTag] }
        set { texts[.toTag] = newValue }
    }
    public var dialerCallID: Octets {
        get { texts[.dialerCallID] }
        set { texts[.dialerCallID] = newValue }
    }
}

extension TextBlock<RecordText> {
    /// Of an attempt: the caller's texts are those of the dialer's leg, or of the trunk's.
    init(_ call: OpenCall, _ attempt: OpenAttempt) {
        self.init(
            byteCount: call.texts.bytes.count + attempt.sent.bytes.count
                + (attempt.answer?.toTag.count ?? 0))
        append(.account, through: .did, of: call.texts)
        switch attempt.direction {
        case .outbound:
            append(.calledCallID, through: .calledFromTag, of: attempt.sent)
            append(attempt.answer?.toTag ?? attempt.calledToTag)
            append(.callerCallID, of: call.texts)
        case .inbound:
            append(.callerCallID, through: .callerTag, of: call.texts)
            append(call.answer?.toTag ?? .empty)
            append(.calledCallID, of: attempt.sent)
        }
    }
}
