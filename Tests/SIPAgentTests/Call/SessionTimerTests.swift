import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct SessionTimerTests {
    private static let now = Moment(
        wall: WallInstant(nanoseconds: 1_700_000_000_000_000_000),
        monotonic: MonotonicInstant(nanoseconds: 0))

    private static func request(_ headers: String...) -> SIPMessage {
        SIPMessage(written: Cast.dialer.invite("call-1", headers: headers))
    }

    private static func seconds(_ instant: MonotonicInstant?) -> UInt64? {
        instant.map { $0.nanoseconds / 1_000_000_000 }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let headers: [String]
        let interval: UInt32?
        var refresher = SessionTimer.Refresher.peer

        var testDescription: String { headers.joined(separator: ", ") }
    }

    /// RFC 4028 section 9, Table 2.
    @Test(arguments: [
        Row(headers: [], interval: nil),
        Row(headers: ["Session-Expires: 600"], interval: 600, refresher: .us),
        Row(headers: ["Session-Expires: 100"], interval: nil),
        Row(headers: ["Supported: timer"], interval: 1_800),
        Row(headers: ["Supported: timer", "Min-SE: 3600"], interval: 3_600),
        Row(headers: ["Supported: timer", "Session-Expires: 600"], interval: 600),
        Row(headers: ["Supported: timer", "x: 600;refresher=uac"], interval: 600),
        Row(headers: ["Supported: timer", "x: 600;refresher=uas"], interval: 600, refresher: .us),
    ])
    func theServersSide(row: Row) {
        let message = SIPMessage(written: Cast.dialer.invite("call-1", headers: row.headers))
        let timer = SessionTimer(
            answering: message, SessionTimerSettings(minimum: 120), session: [], at: Self.now)
        #expect(timer?.interval == row.interval)
        if let timer { #expect(timer.refresher == row.refresher) }
    }

    @Test func ourRefreshIsDueAtHalfAndThePeersIsMissedBeforeTheEnd() {
        let settings = SessionTimerSettings()
        let ours = SessionTimer(
            answering: Self.request("Supported: timer", "x: 600;refresher=uas"), settings,
            session: [], at: Self.now)
        #expect(Self.seconds(ours?.due) == 300 && Self.seconds(ours?.expires) == 600)
        let theirs = SessionTimer(
            answering: Self.request("Supported: timer", "x: 600"), settings, session: [],
            at: Self.now)
        #expect(Self.seconds(theirs?.due) == 568)
        let short = SessionTimer(
            answering: Self.request("Supported: timer", "x: 90"), settings, session: [],
            at: Self.now)
        #expect(Self.seconds(short?.due) == 60, "a third of the interval before the end")
    }

    @Test func onlyARefreshByReinviteKeepsItsSession() {
        let body = AgentBed.sdp.bytes[...]
        let settings = SessionTimerSettings()
        let plain = SessionTimer(
            answering: Self.request("Supported: timer", "x: 600;refresher=uas"), settings,
            session: body, at: Self.now)
        #expect(plain?.session.elementsEqual(body) == true)
        let update = SessionTimer(
            answering: Self.request("Supported: timer", "x: 600;refresher=uas", "Allow: UPDATE"),
            settings, session: body, at: Self.now)
        #expect(update?.session.isEmpty == true)
    }

    @Test func a422RaisesTheIntervalOnce() {
        var timer = SessionTimer(
            answering: Self.request("Supported: timer", "x: 600;refresher=uas"),
            SessionTimerSettings(), session: [], at: Self.now)
        let isRaised = timer?.raise(to: 900, at: Self.now.monotonic)
        let isRaisedAgain = timer?.raise(to: 900, at: Self.now.monotonic)
        #expect(isRaised == true && isRaisedAgain == false && timer?.interval == 900)
    }
}
