import TrunkEvents

/// A confirmed dialog of a call, until both sides know that it is over.
///
/// ```
///  open --BYE is due--> waitingForAck --ACK, 64*T1--> goodbye --answered, Timer F--> closed
///   |  \______________(no 2xx of ours is out)____________^                            ^
///   +-------------------------------- BYE received -----------------------------------+
/// ```
struct Leg: Sendable {
    var dialog: Dialog
    var closing = Closing.open
    /// Our latest 2xx to an INVITE of the peer, until its ACK comes (RFC 3261 section 13.3.1.4).
    @OutOfLine var sentAnswer: SentAnswer?
    /// The ACK that the peer's latest 2xx gets.
    @OutOfLine var acknowledgement: Acknowledgement?
    /// The protection spaces on the way to the peer, where we are challenged.
    @OutOfLine var digest: DigestSessions?
    @OutOfLine var timer: SessionTimer?
    @OutOfLine var watch: LegWatch?

    enum Closing: Sendable {
        case open
        /// A callee may not send BYE before it has the ACK of its 2xx (section 15).
        case waitingForAck(farewell: [UInt8])
        indirect case goodbye(Goodbye)
        case closed
    }

    /// Our BYE is out.
    struct Goodbye: Sendable {
        var transaction: ClientTransactionID
        var request: [UInt8]
        var challengesAnswered = ChallengeTally()
    }

    init(dialog: Dialog) {
        self.dialog = dialog
    }

    /// When something is to be sent again, or to be refreshed.
    var deadline: MonotonicInstant? {
        guard isOpen else { return sentAnswer?.deadline }
        return (sentAnswer?.deadline).earlier(timer?.due).earlier(watch?.due)
    }

    var isOpen: Bool {
        switch closing {
        case .open: true
        case .waitingForAck, .goodbye, .closed: false
        }
    }

    var isClosed: Bool {
        switch closing {
        case .closed: true
        case .open, .waitingForAck, .goodbye: false
        }
    }
}

/// A 2xx of ours that is sent again until its ACK comes: the transaction does not do it, since only
/// the user agent knows the ACK (RFC 3261 section 13.3.1.4).
struct SentAnswer: Sendable {
    let transaction: ServerTransactionID
    let sequence: UInt32
    let status: StatusCode
    let response: [UInt8]
    private(set) var nextCopy: MonotonicInstant
    private var interval: Nanoseconds
    /// Without an ACK by then, the dialog is ended with BYE.
    let givesUp: MonotonicInstant
    /// The ACK may have come before a restart. Then silence proves nothing.
    let mayBeAcknowledged: Bool

    init(
        transaction: ServerTransactionID, request: SIPMessage, status: StatusCode,
        response: [UInt8], at now: MonotonicInstant, timers: TimerSettings
    ) {
        self.transaction = transaction
        sequence = request.cseq.number
        self.status = status
        self.response = response
        interval = timers.t1
        nextCopy = now.advanced(by: timers.t1)
        givesUp = now.advanced(by: timers.transactionTimeout)
        mayBeAcknowledged = false
    }

    /// A 2xx that left before a restart, or was about to. Its peer acknowledges each copy (section
    /// 13.2.2.4).
    init(
        repeating response: [UInt8], to request: SIPMessage, status: StatusCode,
        transaction: ServerTransactionID, from first: MonotonicInstant, timers: TimerSettings
    ) {
        self.transaction = transaction
        sequence = request.cseq.number
        self.status = status
        self.response = response
        interval = timers.t1
        nextCopy = first
        givesUp = first.advanced(by: timers.transactionTimeout)
        mayBeAcknowledged = true
    }

    var deadline: MonotonicInstant { min(nextCopy, givesUp) }

    mutating func scheduleNextCopy(after now: MonotonicInstant, timers: TimerSettings) {
        interval = min(interval * 2, timers.t2)
        nextCopy = now.advanced(by: interval)
    }
}

/// The ACK of a 2xx: owed while the answer to the peer's offer is still to come from the other leg,
/// then kept, because every copy of the 2xx gets it again (RFC 3261 section 13.2.2.4).
struct Acknowledgement: Sendable {
    /// `nil` after a restart.
    let transaction: ClientTransactionID?
    /// The CSeq of the INVITE.
    let sequence: UInt32
    var state: State

    enum State: Sendable {
        case owed(invite: SIPMessage)
        case sent(OutgoingMessage)
    }
}
