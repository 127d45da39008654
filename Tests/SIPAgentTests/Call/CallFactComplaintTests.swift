import Testing
import TrunkEvents

@testable import SIPAgent

/// Users' complaints of call records, held against the facts that ours are made of. The issue that
/// tells it stands above each test.
@Suite struct CallFactComplaintTests {
    private static func instant(of kind: FactKind, _ bed: AgentBed) throws -> WallInstant {
        try #require(bed.facts.first { $0.event.kind == kind }).moment.wall
    }

    private static func end(_ bed: AgentBed) throws -> CallEnded {
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else {
            Issue.record("the call has an end")
            throw AgentBed.NothingCame()
        }
        return ended
    }

    // Restcomm-Connect#2401: a session without an answer lasted nothing, whatever effort it was.
    @Test func aCallWithoutAnAnswerHasItsWholeSpan() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.run(for: .seconds(2))
        bed.discardMail()
        try bed.ring(invite)
        bed.run(for: .seconds(20))
        bed.receive(Cast.alpha.response(480, to: invite), from: AgentBed.alpha)
        let kinds: [FactKind] = [.channelSeized, .attemptProgressed, .channelReleased]
        let instants = try kinds.map { try Self.instant(of: $0, bed) }
        let spans = zip(instants, instants.dropFirst()).map { $0.duration(to: $1) }
        #expect(spans == [.seconds(2), .seconds(20)])
        bed.expectQuiet()
    }

    // siphon-ai#331, fonoster#884, libresbc PR#221: the duration held the time of ringing, since
    // nobody noted the answer.
    @Test func ringingAndTalkingAreTold() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(100, to: invite), from: AgentBed.alpha)
        bed.run(for: .seconds(2))
        try bed.ring(invite)
        bed.run(for: .seconds(20))
        let call = try bed.answer(invite)
        bed.run(for: .seconds(5))
        try bed.hangUp(call)
        let kinds: [FactKind] = [.callStarted, .attemptProgressed, .callAnswered, .callEnded]
        let instants = try kinds.map { try Self.instant(of: $0, bed) }
        let spans = zip(instants, instants.dropFirst()).map { $0.duration(to: $1) }
        #expect(spans == [.seconds(2), .seconds(20), .seconds(5)])
        bed.expectQuiet()
    }

    // ASTPP#182: answered calls that did not end with cause 16 were billed as nothing.
    @Test(arguments: [1, 16, 31, 41, 102] as [UInt8])
    func anAnsweredCallWasAnsweredWhateverItsCause(cause: UInt8) throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.alpha.request(
                "BYE", within: call.invite, sequence: 1,
                headers: ["Reason: Q.850;cause=\(cause)"]), from: AgentBed.alpha)
        #expect(bed.events(.callAnswered).count == 1 && bed.events(.attemptFailed).isEmpty)
        let end = try Self.end(bed)
        #expect(end.q850 == Q850Cause(rawValue: cause) && end.source == .bye)
        bed.expectQuiet()
    }

    // kamailio#1182: calls ended early, by a limit years in the past. kamailio#4495: a duration of
    // 71582788 s. The wall clock decides nothing.
    @Test(arguments: [-86_400 * 365, 86_400 * 365] as [Int64])
    func aClockThatIsSetEndsNoCall(seconds: Int64) throws {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.calls.maxDuration = .seconds(300)
        let bed = AgentBed(AgentBed.configuration(trunks: [trunk]))
        _ = try bed.answeredCall()
        bed.run(for: .seconds(100))
        bed.now = Moment(
            wall: bed.now.wall.advanced(by: .seconds(seconds)), monotonic: bed.now.monotonic)
        bed.run(for: .seconds(199))
        #expect(bed.events(.callEnded).isEmpty)
        bed.run(for: .seconds(2))
        #expect(try Self.end(bed).source == .maxDuration)
        #expect(bed.events(.clockStepped).count == 1, "so that a duration can be put right")
        bed.expectQuiet()
    }

    // kamailio PR#1036, PR#1606, #3254, #3669, opensips#136, #906: after a restart there was no
    // record of the calls that went on, or it lacked what had been said before.
    @Test func aCallThatOutlivesTheProcessIsToldWhole() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.run(for: .seconds(95))
        for _ in 0..<2 {
            bed.crash(downtime: .seconds(1))
            bed.run(for: .seconds(1))
        }
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        for kind in [FactKind.callStarted, .attemptAnswered, .callAnswered, .callEnded] {
            #expect(bed.events(kind).count == 1, "\(kind)")
        }
        guard case .callStarted(let start)? = bed.events(.callStarted).first else { return }
        #expect(start.dialerReference == "V5108")
        #expect(try Self.end(bed).call == start.call)
        bed.expectQuiet()
    }

    // opensips#755: a call that a timeout ended left no record of its end. opensips#1936: or one of
    // 0 s.
    @Test func aCallThatTimesOutHasAnEnd() throws {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.calls.maxDuration = .seconds(60)
        let bed = AgentBed(AgentBed.configuration(trunks: [trunk]))
        _ = try bed.answeredCall()
        bed.run(for: .seconds(61))
        let answered = try Self.instant(of: .callAnswered, bed)
        let ended = try Self.instant(of: .callEnded, bed)
        // The wheel's tick, no more.
        #expect((60_000..<60_100).contains(answered.duration(to: ended).milliseconds))
        bed.expectQuiet()
    }
}
