import TestSupport
import Testing

/// From the answer to the end, in milliseconds, each as it is told by the side that did it: the
/// other hears of it once it is on disk, which may take as long as the machine's disk takes.
func talkMilliseconds(_ caller: SippCall?, _ callee: SippCall?) -> Double? {
    let sides = [callee, caller].compactMap { $0 }
    let ended = sides.first(where: \.hungUp)?.endedAt ?? sides.lazy.compactMap(\.endedAt).first
    guard let answered = sides.lazy.compactMap(\.answeredAt).first, let ended else { return nil }
    return (ended - answered) * 1_000
}

/// Each answered call ended with a BYE, after the time that SIPp measured.
///
/// - Parameter tolerance: in milliseconds.
func expectTalkTimes(
    of records: [CallRecord], callers: [String: SippCall], callees: [String: SippCall],
    within tolerance: Double = 50
) {
    for record in records where record.disposition == "ANSWERED" {
        let number = record.did.isEmpty ? record.calledNumber : record.did
        let talk = talkMilliseconds(callers[number], callees[number]) ?? -1
        let said = "\(number): SIPp \(talk) ms, CDR \(record.talkMilliseconds) ms"
        #expect(record.bounds(contain: talk, tolerance: tolerance), "\(said)")
        #expect(record.endSource == "bye", "\(number)")
    }
}

extension [Sipp] {
    /// Their calls by number; of a call that several saw, the one that was answered.
    var calls: [String: SippCall] {
        reduce(into: [:]) { all, sipp in
            all.merge(sipp.calls) { $0.answeredAt != nil ? $0 : $1 }
        }
    }
}
