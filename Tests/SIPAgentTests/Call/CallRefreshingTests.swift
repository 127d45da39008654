import Testing
import TrunkEvents

@testable import SIPAgent

/// Session timers (RFC 4028): both legs have their own.
@Suite struct CallRefreshingTests {
    private static let granted = ["Session-Expires: 600;refresher=uac", "Require: timer"]
    private static let allowsUpdate = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE"

    /// A call whose carrier answers with these headers, and whose dialer calls with those.
    private static func call(
        _ bed: AgentBed, dialer: [String] = [], carrier: [String] = []
    ) throws -> AnsweredCall {
        bed.receive(Cast.dialer.invite("call-1", headers: dialer), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, headers: carrier, body: AgentBed.sdp),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        return AnsweredCall(invite: invite, answer: answer)
    }

    private static func end(_ bed: AgentBed) -> CallEnded? {
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else { return nil }
        return ended
    }

    private static func confirmByes(_ bed: AgentBed) throws {
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func weRefreshTheCarriersLegByUpdate() throws {
        let bed = AgentBed()
        let call = try Self.call(bed, carrier: Self.granted + [Self.allowsUpdate])
        #expect(call.invite.sessionExpires?.seconds == 1_800)
        #expect(call.invite.lists("timer", in: .supported))
        #expect(call.answer.sessionExpires == nil, "the dialer knows nothing of timers")
        for sequence in [2, 3] as [UInt32] {
            bed.run(for: .seconds(300))
            let refresh = try bed.expect(AgentBed.alpha, "UPDATE")
            #expect(refresh.cseq.number == sequence && refresh.body.isEmpty)
            #expect(refresh.text(.sessionExpires) == "600;refresher=uac")
            #expect(refresh.contact != nil)
            bed.receive(
                Cast.alpha.response(200, to: refresh, headers: Self.granted + [Self.allowsUpdate]),
                from: AgentBed.alpha)
        }
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        try Self.confirmByes(bed)
    }

    // livekit/sip PR#582, freeswitch#1994, opensips#3360, dsiprouter#352: calls dropped at 15 or 30
    // minutes, when the refresh of a carrier without UPDATE went wrong.
    @Test func weRefreshByReinviteWithTheSameSession() throws {
        let bed = AgentBed()
        let call = try Self.call(bed, carrier: Self.granted)
        bed.run(for: .seconds(300))
        let refresh = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(refresh.body.elementsEqual(call.invite.body))
        #expect(refresh.text(.contentType) == "application/sdp")
        let answer = Cast.alpha.response(
            200, to: refresh, headers: Self.granted, body: AgentBed.sdp)
        bed.receive(answer, from: AgentBed.alpha)
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        #expect(ack.cseq.number == refresh.cseq.number)
        bed.receive(answer, from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.alpha, "ACK").bytes == ack.bytes)
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.run(for: .seconds(300))
        // It is tried again halfway to the end, and once more; nothing comes of it.
        for wait in [150_000, 75_000, 37_500] as [Int64] {
            let next = try bed.expect(AgentBed.alpha, "INVITE")
            bed.receive(Cast.alpha.response(488, to: next), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "ACK")
            bed.run(for: .milliseconds(wait - 1))
            #expect(!bed.hasMail(AgentBed.alpha))
            bed.run(for: .milliseconds(1))
        }
        let last = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(488, to: last), from: AgentBed.alpha)
        #expect(Self.end(bed) == nil)
        // The session ends with its interval.
        bed.run(for: .seconds(40))
        #expect(Self.end(bed)?.source == .sessionTimer)
        bed.discardMail()
        bed.expectQuiet()
    }

    @Test func refreshesThatMeetAreTriedAgain() throws {
        let bed = AgentBed()
        let call = try Self.call(bed, carrier: Self.granted)
        bed.run(for: .seconds(300))
        let refresh = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(491, to: refresh), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        // The Call-ID is ours: 2.1 to 4 s (RFC 3261 section 14.1).
        bed.run(for: .milliseconds(2_050))
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.run(for: .seconds(2))
        let again = try bed.expect(AgentBed.alpha, "INVITE")
        bed.discardMail()
        bed.receive(
            Cast.alpha.response(200, to: again, headers: Self.granted, body: AgentBed.sdp),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    @Test func aReinviteThatMeetsOurRefreshIsToComeAgain() throws {
        let bed = AgentBed()
        let call = try Self.call(bed, carrier: Self.granted)
        bed.run(for: .seconds(300))
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.request("INVITE", within: call.invite, sequence: 1, body: AgentBed.sdp),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "491 INVITE")
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: AgentBed.sdp),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "491 INVITE")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    // drachtio#375: a refresh failed, and the call stayed.
    @Test func aCarrierThatLostTheCallEndsIt() throws {
        let bed = AgentBed()
        _ = try Self.call(bed, carrier: Self.granted + [Self.allowsUpdate])
        bed.run(for: .seconds(300))
        let refresh = try bed.expect(AgentBed.alpha, "UPDATE")
        bed.receive(Cast.alpha.response(481, to: refresh), from: AgentBed.alpha)
        #expect(Self.end(bed)?.source == .sessionTimer && Self.end(bed)?.endedBy == .agent)
        guard case .callRecovered(let bounds)? = bed.events(.callRecovered).first else {
            Issue.record("nobody knows when it ended")
            return
        }
        #expect(bounds.endLowerBound.duration(to: bounds.endUpperBound) == .seconds(300))
        _ = try bed.expect(AgentBed.dialer, "BYE")
        try Self.confirmByes(bed)
    }

    @Test func aDialerThatStopsToRefreshIsHungUpBeforeItsIntervalEnds() throws {
        let bed = AgentBed()
        let call = try Self.call(bed, dialer: ["Supported: timer", "Session-Expires: 600"])
        #expect(call.answer.text(.sessionExpires) == "600;refresher=uac")
        #expect(call.answer.lists("timer", in: .require))
        bed.run(for: .seconds(400))
        bed.receive(
            Cast.dialer.request(
                "UPDATE", after: call.answer, sequence: 2,
                headers: ["Supported: timer", "Session-Expires: 600;refresher=uac"]),
            from: AgentBed.dialer)
        let refreshed = try bed.expect(AgentBed.dialer, "200 UPDATE")
        #expect(refreshed.text(.sessionExpires) == "600;refresher=uac")
        #expect(!bed.hasMail(AgentBed.alpha), "it is this leg's affair")
        bed.run(for: .seconds(567))
        #expect(Self.end(bed) == nil)
        bed.run(for: .seconds(2))
        #expect(Self.end(bed)?.source == .sessionTimer)
        #expect(bed.events(.callRecovered).isEmpty, "the carrier's leg ends with our BYE")
        _ = try bed.expect(AgentBed.dialer, "BYE")
        try Self.confirmByes(bed)
    }

    /// A dialer that got only a late copy of our 2xx counts its interval from there.
    @Test func thePeersIntervalBeginsWithItsAck() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.invite(
                "call-1", headers: ["Supported: timer", "Session-Expires: 90;refresher=uac"]),
            from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.run(for: .seconds(15))
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.run(for: .seconds(59))
        #expect(Self.end(bed) == nil)
        bed.run(for: .seconds(2))
        #expect(Self.end(bed)?.source == .sessionTimer)
    }

    @Test func aReinviteRefreshesBothLegsByTheWay() throws {
        let bed = AgentBed()
        let timer = ["Supported: timer", "Session-Expires: 600;refresher=uac"]
        let call = try Self.call(bed, dialer: timer, carrier: Self.granted + [Self.allowsUpdate])
        bed.run(for: .seconds(200))
        bed.receive(
            Cast.dialer.request(
                "INVITE", after: call.answer, sequence: 2, headers: timer, body: AgentBed.sdp),
            from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(forwarded.text(.sessionExpires) == "600;refresher=uac")
        bed.receive(
            Cast.alpha.response(
                200, to: forwarded, headers: Self.granted + [Self.allowsUpdate],
                body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(answer.text(.sessionExpires) == "600;refresher=uac")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 2), from: AgentBed.dialer)
        bed.run(for: .seconds(299))
        _ = try bed.expect(AgentBed.alpha, "ACK")
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.run(for: .seconds(2))
        let refresh = try bed.expect(AgentBed.alpha, "UPDATE")
        bed.receive(Cast.alpha.response(200, to: refresh), from: AgentBed.alpha)
        bed.discardMail()
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 3), from: AgentBed.dialer)
        try Self.confirmByes(bed)
    }

    @Test func tooShortAnIntervalIsRefusedAndOursIsRaised() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.invite("early", headers: ["Supported: timer", "Session-Expires: 60"]),
            from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.dialer, "422 INVITE").minSE == 90)
        #expect(bed.events(.callStarted).isEmpty)
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(422, to: first, headers: ["Min-SE: 3600"]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let second = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(second.sessionExpires?.seconds == 3_600 && second.minSE == 3_600)
        #expect(second.cseq.number == 2 && second.body.elementsEqual(first.body))
        #expect(bed.events(.channelSeized).count == 1 && bed.events(.attemptSent).count == 2)
        // The same once more leads nowhere.
        bed.receive(
            Cast.alpha.response(422, to: second, headers: ["Min-SE: 3600"]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "422 INVITE")
        bed.expectQuiet()
    }

    @Test func timersRunAgainAfterARestart() throws {
        let bed = AgentBed()
        let call = try Self.call(
            bed, dialer: ["Supported: timer", "Session-Expires: 600"],
            carrier: Self.granted + [Self.allowsUpdate])
        bed.crash(downtime: .seconds(1))
        #expect(Self.answerAll(bed, for: 10) == 1, "a refresh that may have been missed")
        #expect(Self.answerAll(bed, for: 250) == 0)
        #expect(Self.answerAll(bed, for: 100) == 1)
        #expect(Self.end(bed) == nil)
        // The dialer refreshes no more: its interval began with the restart.
        _ = Self.answerAll(bed, for: 220)
        #expect(Self.end(bed)?.source == .sessionTimer)
        #expect(call.answer.sessionExpires?.seconds == 600)
        bed.discardMail()
        bed.expectQuiet()
    }

    /// Lets time pass while both peers answer what they are asked. Answers how many refreshes the
    /// carrier got.
    private static func answerAll(_ bed: AgentBed, for seconds: Int64) -> Int {
        var refreshes = 0
        for _ in 0..<(seconds * 10) {
            bed.run(for: .milliseconds(100))
            while let message = bed.take(AgentBed.alpha) {
                guard message.isRequest else { continue }
                if message.method == .update { refreshes += 1 }
                bed.receive(
                    Cast.alpha.response(200, to: message, headers: granted + [allowsUpdate]),
                    from: AgentBed.alpha)
            }
            while let message = bed.take(AgentBed.dialer) {
                guard message.isRequest else { continue }
                bed.receive(Cast.dialer.response(200, to: message), from: AgentBed.dialer)
            }
        }
        return refreshes
    }

    @Test func switchedOffNothingIsAskedForAndNothingGranted() throws {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.calls.sessionTimer = nil
        let bed = AgentBed(
            AgentBed.configuration(trunks: [trunk]) { $0.calls.sessionTimer = nil })
        let call = try Self.call(bed, dialer: ["Supported: timer", "Session-Expires: 600"])
        #expect(call.invite.sessionExpires == nil && call.answer.sessionExpires == nil)
        bed.receive(
            Cast.dialer.invite("call-2", headers: ["Require: timer", "Session-Expires: 600"]),
            from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.dialer, "420 INVITE").text(.unsupported) == "timer")
        try bed.hangUp(call)
        bed.expectQuiet()
    }
}
