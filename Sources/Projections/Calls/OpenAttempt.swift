import Ledger
import TrunkEvents

extension OpenAttempt {
    init(_ fact: ChannelSeized, carrier: CarrierName?, at stamp: Stamp) {
        seized = stamp
        trunk = fact.trunk
        attempt = fact.attempt
        self.carrier = carrier
        direction = fact.direction
        inUse = fact.inUse
        cap = fact.cap
    }

    mutating func send(_ fact: borrowing AttemptSentView) {
        remote = fact.remote
        texts.replace(
            .sipCallID, through: .fromTag,
            byteCount: fact.sipCallID.byteCount + fact.fromTag.byteCount
        ) { room in
            room.store(text: fact.sipCallID)
            room.store(text: fact.fromTag)
        }
    }

    mutating func progress(_ fact: borrowing AttemptProgressedView, at stamp: Stamp) {
        if (180..<190).contains(fact.code.rawValue) { hasRung = true }
        if fact.code == .code(180) || fact.code == .code(183) { rangAt = rangAt ?? stamp }
        // A 2xx has the last word on the tag.
        if !fact.toTag.isEmpty, answer == nil { texts.set(.toTag, fact.toTag) }
    }

    mutating func answer(_ fact: borrowing AttemptAnsweredView, at stamp: Stamp) {
        guard answer == nil else { return }
        answer = Answer(stamp: stamp, code: fact.code)
        texts.set(.toTag, fact.toTag)
        texts[.codec] = SDPText.firstCodec(ofBodyIn: fact.response)
    }

    mutating func fail(_ fact: borrowing AttemptFailedView, at stamp: Stamp) {
        guard failure == nil else { return }
        failure = Failure(stamp: stamp, cause: fact.cause, code: fact.code, q850: fact.q850)
        texts.set(.reason, fact.reason)
    }

    /// The trunk leg's 2xx: its arrival from the trunk, or its sending to the trunk.
    borrowing func trunkAnswer(in call: borrowing OpenCall) -> Answer? {
        switch direction {
        case .outbound: answer
        case .inbound: call.answer
        }
    }

    /// Its channel is free, and nothing that may still come could change the row.
    @inline(__always)  // see OpenCall.isOver
    func isFinished(callIsOver: Bool) -> Bool {
        guard case .some = released else { return false }
        if callIsOver { return true }
        guard case .some = failure else { return false }
        return true
    }
}
