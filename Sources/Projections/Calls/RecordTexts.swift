public import TrunkEvents

/// The texts of a record.
enum RecordText: Int, TextName {
    case account, dialerReference, aRaw, aE164, bRaw, bE164, did
    case dialerCallID
    /// The trunk's leg.
    case sipCallID, fromTag, toTag
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
    /// Of an attempt: the trunk's leg is the called one, or the caller's.
    init(
        _ call: borrowing OpenCall, _ attempt: borrowing OpenAttempt, _ outcome: AttemptOutcome
    ) {
        let (caller, called, direction) = (call.texts, attempt.texts, attempt.direction)
        self.init(byteCount: caller.bytes.count + called.bytes.count) { room in
            switch direction {
            case .outbound:
                room.store(.account, through: .sipCallID, of: caller)
                room.store(.sipCallID, through: .toTag, of: called)
            case .inbound:
                room.store(.account, through: .did, of: caller)
                room.store(.sipCallID, of: called)
                room.store(.sipCallID, through: .toTag, of: caller)
            }
            switch outcome.reason {
            case .none: room.store(number: 0)
            case .ofCall: room.store(.reason, of: caller)
            case .ofAttempt: room.store(.reason, of: called)
            }
            guard outcome.answer != nil else { return room.store(number: 0) }
            switch direction {
            case .outbound: room.store(.codec, of: called)
            case .inbound: room.store(.codec, of: caller)
            }
        }
    }
}
