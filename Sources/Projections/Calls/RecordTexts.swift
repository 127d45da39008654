public import TrunkEvents

/// The texts of a record.
enum RecordText: Int, TextName {
    case account, dialerReference, aRaw, aE164, bRaw, bE164, did
    case dialerCallID
    /// The trunk's leg.
    case sipCallID, fromTag, toTag
    case reason, codec

    /// Made once: every record begins with it.
    static let none = TextBlock<RecordText>()
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
    init(_ source: RecordTextSource) {
        self.init(byteCount: source.byteCountMax) { source.store(in: &$0) }
    }
}

/// Where the texts of a record lie before it is made: the trunk's leg is the called one, or the
/// caller's.
struct RecordTextSource {
    private let caller: TextBlock<CallText>
    private let called: TextBlock<AttemptText>
    private let direction: CallDirection
    private let reason: ReasonText
    private let isAnswered: Bool

    init(
        _ call: borrowing OpenCall, _ attempt: borrowing OpenAttempt, _ outcome: AttemptOutcome
    ) {
        caller = call.texts
        called = attempt.texts
        direction = attempt.direction
        reason = outcome.reason
        isAnswered = outcome.answer != nil
    }

    /// Room for all of them: no record has one twice.
    var byteCountMax: Int {
        caller.bytes.count + called.bytes.count
            + RecordText.allCases.count * ShortNumber.byteCountMax
    }

    /// All texts of a record, in their order.
    func store(in room: inout RoomWriter) {
        switch direction {
        case .outbound:
            room.store(.account, through: .sipCallID, of: caller)
            room.store(.sipCallID, through: .toTag, of: called)
        case .inbound:
            room.store(.account, through: .did, of: caller)
            room.store(.sipCallID, of: called)
            room.store(.sipCallID, through: .toTag, of: caller)
        }
        switch reason {
        case .none: room.store(number: 0)
        case .ofCall: room.store(.reason, of: caller)
        case .ofAttempt: room.store(.reason, of: called)
        }
        guard isAnswered else { return room.store(number: 0) }
        switch direction {
        case .outbound: room.store(.codec, of: called)
        case .inbound: room.store(.codec, of: caller)
        }
    }
}
