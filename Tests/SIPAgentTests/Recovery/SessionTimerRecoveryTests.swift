import Testing
import TrunkEvents

@testable import SIPAgent

/// Session timers of calls that a restart goes on with (RFC 4028), where a refresh had changed what
/// the first INVITE agreed on.
@Suite struct SessionTimerRecoveryTests {
    private static let timed = [
        "Session-Expires: 600;refresher=uac", "Require: timer", "Allow: INVITE, BYE, UPDATE",
    ]

    /// A call whose trunk leg we refresh every 300 seconds.
    private func refreshedCall(_ bed: AgentBed) throws -> AnsweredCall {
        bed.place("call-1")
        return try bed.answer(try bed.expect(AgentBed.alpha, "INVITE"), headers: Self.timed)
    }

    /// Our refresh is answered with these terms.
    private func refresh(_ bed: AgentBed, _ terms: String) throws {
        bed.run(for: .seconds(300))
        let update = try bed.expect(AgentBed.alpha, "UPDATE")
        bed.receive(
            Cast.alpha.response(
                200, to: update, headers: ["Session-Expires: \(terms)"] + Self.timed.suffix(1)),
            from: AgentBed.alpha)
    }

    private typealias Asked = (peer: Endpoint, request: SIPMessage)

    /// The last process died. Both peers answer whatever the next one asks soon after.
    private func restart(_ bed: AgentBed) -> [Asked] {
        bed.crash(downtime: .seconds(1))
        bed.run(for: .seconds(5))
        let asked = answerAll(bed)
        #expect(asked.count { $0.request.method == .options } == 2)
        #expect(bed.events(.callInterim).count == 1)
        return asked
    }

    private func answerAll(_ bed: AgentBed) -> [Asked] {
        var asked: [Asked] = []
        for (peer, phone) in [(AgentBed.dialer, Cast.dialer), (AgentBed.alpha, Cast.alpha)] {
            var seen: Set<[UInt8]> = []
            while let request = bed.take(peer) {
                guard request.isRequest, seen.insert(request.bytes).inserted else { continue }
                asked.append((peer, request))
                let terms = request.text(.sessionExpires).map { ["Session-Expires: \($0)"] } ?? []
                bed.receive(
                    phone.response(200, to: request, headers: terms + Self.timed.suffix(1)),
                    from: peer)
            }
        }
        return asked
    }

    private func changes(_ bed: AgentBed) -> [SessionTimerChanged] {
        bed.events(.sessionTimerChanged).compactMap { event in
            guard case .sessionTimerChanged(let fact) = event else { return nil }
            return fact
        }
    }

    @Test func whatARefreshAgreedOnIsAFactOnce() throws {
        let bed = AgentBed()
        let call = try refreshedCall(bed)
        try refresh(bed, "600;refresher=uac")
        #expect(changes(bed).isEmpty)
        try refresh(bed, "1200;refresher=uas")
        let change = try #require(changes(bed).first)
        #expect(change.leg == .called && change.interval == 1_200 && !change.isRefreshedByUs)
        #expect(changes(bed).count == 1)
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    /// It is the carrier's turn, and after its whole interval without a refresh the call is over.
    @Test func aPeersIntervalIsWaitedForAfterTheRestart() throws {
        let bed = AgentBed()
        _ = try refreshedCall(bed)
        try refresh(bed, "1200;refresher=uas")
        bed.run(for: .seconds(50))
        #expect(!restart(bed).contains { $0.request.method == .update })
        bed.run(for: .seconds(1_150))
        #expect(!bed.hasMail(AgentBed.alpha) && bed.inUse == 1)
        bed.run(for: .seconds(20))
        _ = try bed.expect(AgentBed.alpha, "BYE")
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else { return }
        #expect(ended.source == .sessionTimer)
        bed.expectQuiet()
    }

    /// A dialer's UPDATE makes us refresh its leg.
    @Test func ourOwnIntervalIsKeptAfterTheRestart() throws {
        let bed = AgentBed()
        let call = try refreshedCall(bed)
        bed.receive(
            Cast.dialer.request(
                "UPDATE", after: call.answer, sequence: 2,
                headers: [
                    "Supported: timer", "Session-Expires: 300;refresher=uas", "Allow: UPDATE",
                ]), from: AgentBed.dialer)
        let answer = try bed.expect(AgentBed.dialer, "200 UPDATE")
        #expect(answer.text(.sessionExpires) == "300;refresher=uas")
        #expect(changes(bed).map(\.leg) == [.caller])
        bed.run(for: .seconds(95))
        for isRestart in [true, false] {
            let updates = (isRestart ? restart(bed) : answerAll(bed))
                .filter { $0.peer == AgentBed.dialer && $0.request.method == .update }
            #expect(
                updates.map { $0.request.text(.sessionExpires) } == ["300;refresher=uac"],
                "and so it goes on")
            bed.run(for: .seconds(150))
        }
        bed.expectQuiet()
    }

    @Test func aTimerThatIsGoneDoesNotComeBack() throws {
        let bed = AgentBed()
        _ = try refreshedCall(bed)
        bed.run(for: .seconds(300))
        let update = try bed.expect(AgentBed.alpha, "UPDATE")
        bed.receive(Cast.alpha.response(200, to: update), from: AgentBed.alpha)
        #expect(changes(bed).map(\.interval) == [nil])
        bed.run(for: .seconds(50))
        #expect(!restart(bed).contains { $0.request.method == .update })
        bed.run(for: .seconds(3_600))
        #expect(!bed.hasMail(AgentBed.alpha) && bed.inUse == 1)
    }
}
