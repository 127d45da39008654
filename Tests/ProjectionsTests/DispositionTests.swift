import Testing
import TrunkEvents

@testable import Projections

@Suite struct DispositionTests {
    @Test(arguments: [
        (486, false, "BUSY"), (600, false, "BUSY"), (480, false, "NO_ANSWER"),
        (408, true, "NO_ANSWER"), (408, false, "FAILED"), (487, true, "CANCELLED"),
        (503, false, "CARRIER_FULL"), (403, false, "REJECTED"), (404, false, "REJECTED"),
        (410, false, "REJECTED"), (484, false, "REJECTED"), (488, true, "REJECTED"),
        (603, true, "REJECTED"), (604, false, "REJECTED"), (606, false, "REJECTED"),
        (500, false, "FAILED"), (504, true, "FAILED"), (302, false, "FAILED"),
    ] as [(UInt16, Bool, String)])
    func finalAnswers(code: UInt16, rang: Bool, expected: String) {
        let disposition = Disposition(code: .code(code), reason: .empty, rang: rang)
        #expect(disposition.description == expected)
    }

    @Test func aReasonPhraseCanSayThatTheCarrierIsFull() {
        let full = Disposition(
            code: .code(403), reason: "User Channel limit exceeded D1", rang: false)
        #expect(full == .carrierFull)
        #expect(Disposition(code: .code(404), reason: "channel limit", rang: false) == .rejected)
    }

    @Test(arguments: [
        (.timeout, nil, true, .noAnswer), (.timeout, nil, false, .failed),
        (.cancelled, 487, true, .cancelled), (.cancelled, nil, false, .cancelled),
        (.transport, nil, false, .failed), (.malformed, 200, false, .failed),
        (.recovery, 487, true, .failed), (.rejected, 486, true, .busy),
        (.carrierFull, 403, false, .carrierFull),
        (.rejected, nil, true, .failed),
    ] as [(AttemptFailure, UInt16?, Bool, Disposition)])
    func failures(cause: AttemptFailure, code: UInt16?, rang: Bool, expected: Disposition) {
        let disposition = Disposition(
            failure: cause, code: code.map { .code($0) }, reason: .empty, rang: rang)
        #expect(disposition == expected)
    }

    @Test(arguments: [
        (.cancel, .cancelled), (.timeout, .failed), (.admin, .failed), (.recovery, .failed),
    ] as [(EndSource, Disposition)])
    func callsThatEndedUnheardOf(source: EndSource, expected: Disposition) {
        #expect(Disposition(source: source, code: nil, reason: .empty, rang: false) == expected)
    }
}
