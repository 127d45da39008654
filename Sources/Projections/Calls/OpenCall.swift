import Ledger
import TrunkEvents

/// A call that is not over, or whose channels are not all free.
struct OpenCall: Hashable, Sendable {
    let started: Stamp
    let direction: CallDirection
    var texts: TextBlock<CallText>
    let source: Endpoint
    /// Our 2xx to the caller.
    var answer: Answer?
    var end: CallEnd?
    var recovery: Recovery?
    var attempts: [OpenAttempt] = []
    /// A restart found it open, and it went on.
    var isContinued = false

    // Inlined and by pattern: a call that is handed to a function, and an end that is compared
    // with nil, are copied with their texts.
    @inline(__always)
    var isOver: Bool {
        if case .some = end { return true }
        if case .some = recovery { return true }
        return false
    }

    /// Answered, and nothing is known of its end.
    @inline(__always)  // see isOver
    var isHeld: Bool {
        guard case .some = answer else { return false }
        return !isOver
    }

    /// Whether there is nothing to tell of it yet: no attempt is finished, and one may come.
    @inline(__always)  // see isOver
    var isPending: Bool {
        let isOver = isOver
        let attempts = attempts.span
        if isOver, attempts.isEmpty { return false }
        for index in attempts.indices where attempts[index].isFinished(callIsOver: isOver) {
            return false
        }
        return true
    }

    /// Hands out the records of the attempts that are finished, and says how many they are. Changes
    /// nothing: who may change a call looks at it where it lies.
    mutating func forEachRecord(
        _ id: CallID, node: ShortName?, closedBy stamp: Stamp,
        _ body: (borrowing MadeRecord) -> Void
    ) -> Int {
        makeRecords(id, node, stamp, body)
    }

    @inline(__always)  // see isOver
    private borrowing func makeRecords(
        _ id: CallID, _ node: ShortName?, _ stamp: Stamp, _ body: (borrowing MadeRecord) -> Void
    ) -> Int {
        let isOver = isOver
        let attempts = attempts.span
        var count = 0
        for index in attempts.indices where attempts[index].isFinished(callIsOver: isOver) {
            body(MadeRecord(call: id, self, attempts[index], node: node, closedBy: stamp))
            count += 1
        }
        return count
    }

    init(_ fact: borrowing CallStartedView, at stamp: Stamp) {
        started = stamp
        direction = fact.direction
        texts = TextBlock(fact)
        source = fact.source
    }
}

/// The texts of a call as a whole: why it ended, the answer's codec, about the parties, and of the
/// caller's leg. What is looked at most comes first: it takes a step a text to find one.
enum CallText: Int, TextName {
    case reason, codec
    case account, dialerReference, aRaw, aE164, bRaw, bE164, did
    case sipCallID, fromTag, toTag
}

extension TextBlock<CallText> {
    fileprivate init(_ fact: borrowing CallStartedView) {
        let tag = SIPText.tag(ofHeader: "from", short: "f", in: fact.invite)
        let byteCount =
            fact.account.byteCount + fact.dialerReference.byteCount + fact.aRaw.byteCount
            + fact.aE164.byteCount + fact.bRaw.byteCount + fact.bE164.byteCount
            + fact.did.byteCount + fact.sipCallID.byteCount + tag.count
        self.init(byteCount: byteCount) { room in
            // Reason and codec.
            for _ in 0..<2 { room.store(number: 0) }
            room.store(text: fact.account)
            room.store(text: fact.dialerReference)
            room.store(text: fact.aRaw)
            room.store(text: fact.aE164)
            room.store(text: fact.bRaw)
            room.store(text: fact.bE164)
            room.store(text: fact.did)
            room.store(text: fact.sipCallID)
            room.store(text: fact.invite.extracting(tag))
            // The tag of the answer.
            room.store(number: 0)
        }
    }
}

/// An attempt whose channel is held, or whose outcome is not told yet.
struct OpenAttempt: Hashable, Sendable {
    let seized: Stamp
    let trunk: TrunkName
    let attempt: AttemptNumber
    let carrier: CarrierName?
    let direction: CallDirection
    let inUse: UInt32
    let cap: UInt32
    var remote: Endpoint?
    var texts = AttemptText.none
    /// The first 180 or 183.
    var rangAt: Stamp?
    /// Any 18x came.
    var hasRung = false
    /// The called leg's 2xx.
    var answer: Answer?
    var failure: Failure?
    var released: Stamp?
}

/// The texts of the called leg, and why it failed.
enum AttemptText: Int, TextName {
    case reason, codec
    case sipCallID, fromTag, toTag

    /// Made once: every attempt begins with it.
    static let none = TextBlock<AttemptText>()
}

// What follows has no texts of its own: it is copied for every record, and counts no references.

/// A 2xx; its texts are those of the leg.
struct Answer: Hashable, Sendable {
    let stamp: Stamp
    let code: StatusCode
}

/// `attemptFailed`; its reason is the attempt's.
struct Failure: Hashable, Sendable {
    let stamp: Stamp
    let cause: AttemptFailure
    let code: StatusCode?
    let q850: Q850Cause?
}

/// `callEnded`; its reason is the call's.
struct CallEnd: Hashable, Sendable {
    let stamp: Stamp
    let by: EndedBy
    let source: EndSource
    let code: StatusCode?
    let q850: Q850Cause?
}

/// `callRecovered`: the call ended between the bounds, and nobody saw when.
struct Recovery: Hashable, Sendable {
    let stamp: Stamp
    let lowerBound: WallInstant
    let upperBound: WallInstant
    /// The lower bound on the clocks of the boot that crashed, where an event stands close to it.
    let lowerStamp: Stamp?
}
