import TrunkEvents

@testable import SIPAgent

/// A call as one of its parties sees it.
struct PartyCall {
    enum State { case inviting, alerting, up, over }

    /// A 2xx without its ACK.
    struct OpenAnswer {
        let transaction: ServerTransactionID
        let request: SIPMessage
        var interval: Nanoseconds
        var waited = Nanoseconds.zero
    }

    /// A provisional answer without its PRACK.
    struct OpenProgress {
        let sequence: UInt32
        let status: UInt16
        let tag: [UInt8]
        var interval = Nanoseconds.milliseconds(500)
        var waited = Nanoseconds.zero
    }

    let callID: [UInt8]
    let isCaller: Bool
    var manners: Manners
    var state: State
    /// Of its own, where it was called.
    var tag: [UInt8] = []
    /// The INVITE that it was sent, and where the answer goes.
    var invite: SIPMessage?
    var server: ServerTransactionID?
    /// Its own requests, while their answers are awaited.
    var client: ClientTransactionID?
    var modification: (client: ClientTransactionID, sequence: UInt32)?
    var dialog: SimulatedDialog?
    /// RSeq of the last reliable answer of each tag, and that answer while it is open.
    var lastProgress: [[UInt8]: UInt32] = [:]
    var openProgress: OpenProgress?
    /// Reliable answers that it has sent a PRACK for: tag and RSeq.
    var acknowledged: Set<[UInt8]> = []
    var isCancelled = false
    /// It has asked to be let go.
    var hasTransferred = false
    var hasSaidBye = false
    /// In the early dialog of its INVITE, whose answer it still awaits.
    var hasSaidByeEarly = false
    var openAnswer: OpenAnswer?
    /// What each copy of its 2xx says besides.
    var answerHeaders: [UInt8] = []
    /// Copies of the 2xx to its INVITE.
    var answersHeard = 0
    /// The dialog's other end has proved that it has the 2xx.
    var isConfirmed = false
    /// It hears nothing any more.
    var isDeaf = false
    var answeredAt: MonotonicInstant?
    var endedAt: MonotonicInstant?

    /// Of the second callee.
    var forkTag: [UInt8] { tag + Array("-9".utf8) }

    /// Its owner counts a channel for it, and keeps to what it says. Of two callees behind one
    /// INVITE nobody knows which one is counted.
    var isCounted: Bool {
        switch state {
        case .alerting, .up: !isDeaf && !hasSaidBye && !hasSaidByeEarly && !manners.forksAnswer
        case .inviting, .over: false
        }
    }

    /// Both ends have it, as far as this one can know, and it does nothing to end it.
    var isKept: Bool {
        state == .up && isConfirmed && manners.isPolite && !isDeaf && !hasSaidBye && !isCancelled
    }
}
