import Ledger
import TrunkEvents

/// A call that is not over, or whose channels are not all free.
struct OpenCall: Hashable, Sendable {
    let started: Stamp
    let direction: CallDirection
    let account: Octets
    let dialerReference: Octets
    let aRaw: Octets
    let aE164: Octets
    let bRaw: Octets
    let bE164: Octets
    let did: Octets
    let callerCallID: Octets
    let callerTag: Octets
    let source: Endpoint
    /// Our 2xx to the caller.
    var answer: Answer?
    var end: CallEnd?
    var recovery: Recovery?
    var attempts: [OpenAttempt] = []
    /// A restart found it open, and it went on.
    var isContinued = false

    var isOver: Bool { end != nil || recovery != nil }

    /// Nothing more is to be told of it.
    var isFinished: Bool { isOver && attempts.allSatisfy { $0.isFinished(in: self) } }

    /// A record can be made of it, or it can be forgotten.
    var hasNews: Bool { isFinished || attempts.contains { $0.isFinished(in: self) } }

    init(_ fact: CallStarted, at stamp: Stamp) {
        started = stamp
        direction = fact.direction
        account = fact.account
        dialerReference = fact.dialerReference
        aRaw = fact.aRaw
        aE164 = fact.aE164
        bRaw = fact.bRaw
        bE164 = fact.bE164
        did = fact.did
        callerCallID = fact.sipCallID
        callerTag = SIPText.tag(ofHeader: "from", short: "f", in: fact.invite)
        source = fact.source
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
    var calledCallID: Octets = .empty
    var calledFromTag: Octets = .empty
    var calledToTag: Octets = .empty
    /// The first 180 or 183.
    var rangAt: Stamp?
    /// Any 18x came.
    var hasRung = false
    /// The called leg's 2xx.
    var answer: Answer?
    var failure: Failure?
    var released: Stamp?
}

/// A 2xx.
struct Answer: Hashable, Sendable {
    let stamp: Stamp
    let code: StatusCode
    let toTag: Octets
    let codec: Octets
}

/// `attemptFailed`.
struct Failure: Hashable, Sendable {
    let stamp: Stamp
    let cause: AttemptFailure
    let code: StatusCode?
    let q850: Q850Cause?
    let reason: Octets
}

/// `callEnded`.
struct CallEnd: Hashable, Sendable {
    let stamp: Stamp
    let by: EndedBy
    let source: EndSource
    let code: StatusCode?
    let q850: Q850Cause?
    let reason: Octets
}

/// `callRecovered`: the call ended between the bounds, and nobody saw when.
struct Recovery: Hashable, Sendable {
    let stamp: Stamp
    let lowerBound: WallInstant
    let upperBound: WallInstant
    /// The lower bound on the clocks of the boot that crashed, where an event stands close to it.
    let lowerStamp: Stamp?
}
