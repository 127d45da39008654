public import TrunkEvents

/// The texts of a record.
enum RecordText: Int, TextName {
    case account, dialerReference, aRaw, aE164, bRaw, bE164, did
    case sipCallID, fromTag, toTag, dialerCallID
    case reason, codec
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
    public var reason: Octets {
        get { texts[.reason] }
        set { texts[.reason] = newValue }
    }
    public var codec: Octets {
        get { texts[.codec] }
        set { texts[.codec] = newValue }
    }
}

extension TextBlock<RecordText> {
    /// Of an attempt: the caller's texts are those of the dialer's leg, or of the trunk's.
    init(_ call: OpenCall, _ attempt: OpenAttempt, _ outcome: AttemptOutcome) {
        let toTag =
            switch attempt.direction {
            case .outbound: attempt.answer?.toTag ?? attempt.calledToTag
            case .inbound: call.answer?.toTag ?? .empty
            }
        let codec = outcome.answer?.codec ?? .empty
        let byteCount =
            call.texts.bytes.count + attempt.sent.bytes.count + toTag.count
            + outcome.reason.count + codec.count
        self.init(byteCount: byteCount) { room in
            room.store(.account, through: .did, of: call.texts)
            switch attempt.direction {
            case .outbound:
                room.store(.calledCallID, through: .calledFromTag, of: attempt.sent)
                room.store(text: toTag)
                room.store(.callerCallID, of: call.texts)
            case .inbound:
                room.store(.callerCallID, through: .callerTag, of: call.texts)
                room.store(text: toTag)
                room.store(.calledCallID, of: attempt.sent)
            }
            room.store(text: outcome.reason)
            room.store(text: codec)
        }
    }
}
