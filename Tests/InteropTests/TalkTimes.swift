import TestSupport
import Testing

/// Each answered call ended with a BYE, after the time that SIPp measured on either side.
///
/// - Parameters:
///   - sides: callers' and callees' calls by number.
///   - tolerance: in milliseconds.
func expectTalkTimes(
    of records: [CallRecord], asSeenBy sides: [[String: SippCall]], within tolerance: Double = 50
) {
    for record in records where record.disposition == "ANSWERED" {
        let number = record.did.isEmpty ? record.calledNumber : record.did
        for side in sides {
            let talk = side[number]?.talkMilliseconds ?? -1
            let said = "\(number): SIPp \(talk) ms, CDR \(record.talkMilliseconds) ms"
            #expect(record.bounds(contain: talk, tolerance: tolerance), "\(said)")
        }
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
