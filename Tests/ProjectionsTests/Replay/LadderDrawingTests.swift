import Ledger
import Projections
import Testing
import TrunkEvents

@Suite struct LadderDrawingTests {
    private func ladder() throws -> CallLadder {
        var log = LogBuilder()
        let script = CallScript()
        log.add(0, script.started)
        log.add(2, script.seized(inUse: 12))
        log.add(3, script.sent)
        log.add(1_250, script.answered)
        log.add(
            2_000,
            .modificationSent(
                ModificationSent(
                    call: script.call, initiator: .called, source: carrierEnd, request: "INVITE",
                    invite: "INVITE")))
        log.add(9_000, script.ended(.local, .bye))
        log.add(9_030, script.released(inUse: 11))
        return try #require(CallLadder(log.entries))
    }

    private static let drawn = """
        call \(callID(1)), outbound, +12125550100 to +13055550101
        attempt 1 on alpha-1: channel 12 of 50, held 9.028 s, 14:00:00.002 to 14:00:09.030

        POSITION    TIME           ELAPSED  DIALER                    AGENT               CARRIER
        1           14:00:00.000     0.000  │── INVITE 13055550101 ──>│                         │
        2           14:00:00.002     0.002  │ ● alpha-1: channel 12 of 50 taken                 │
        3           14:00:00.003     0.003  │                         │──── INVITE alpha-1 ────>│
        4           14:00:01.250     1.250  │                         │<──────── 200 OK ────────│
        5           14:00:02.000     2.000  │<─────────────────── re-INVITE ────────────────────│
        6           14:00:09.000     9.000  │───────── BYE ──────────>│                         │
        7           14:00:09.030     9.030  │ ● alpha-1: channel given back, 11 in use          │
        """

    @Test func itIsDrawnAsALadder() throws {
        let drawing = LadderDrawing(width: 90) { String($0.utcText.dropFirst(11).dropLast()) }
        #expect(
            drawing.lines(try ladder()).joined(separator: "\n") == Self.drawn)
    }

    @Test(arguments: [60, 80, 100, 200])
    func noLineIsWiderThanAsked(width: Int) throws {
        let drawing = LadderDrawing(width: width) { String($0.utcText.dropFirst(11).dropLast()) }
        for line in drawing.lines(try ladder()).dropFirst(2) {
            #expect(line.count <= width, "\(line)")
        }
    }
}
