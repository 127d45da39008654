import Testing
import TrunkEvents

@testable import SIPAgent

/// A REFER of a dialer that is carried out here: the dialer leaves, both others talk on.
@Suite struct TransferTests {
    @Test func theSideThatStaysTalksToTheNewCallee() throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        #expect(invite.body.isEmpty)
        #expect(invite.uri == "sip:+12125550111@127.0.0.3:5070")
        #expect(invite.text(.from)?.hasPrefix("<sip:3105550100@127.0.0.3>;tag=") == true)
        scene.answer(180, to: invite)
        #expect(try scene.notice() == "SIP/2.0 180 Ringing")
        scene.answer(200, to: invite, body: TransferScene.callee)
        let again = try scene.expect(AgentBed.alpha, "INVITE")
        #expect(again.callID.elementsEqual(scene.call.invite.callID))
        #expect(again.body.elementsEqual(TransferScene.callee.bytes))
        scene.answer(200, to: again, body: TransferScene.stays)
        let acks = try (0..<2).map { _ in try scene.expect(AgentBed.alpha, "ACK") }
        #expect(acks.map { $0.body.count }.sorted() == [0, TransferScene.stays.count])
        #expect(try scene.notice() == "SIP/2.0 200 OK")
        let bye = try scene.expect(AgentBed.dialer, "BYE")
        scene.bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        #expect(scene.bed.inUse == 2 && scene.bed.events(.callEnded).isEmpty)
        try scene.hangUp(scene.call.invite, andExpectByeOf: invite)
        #expect(scene.ends == ["remote bye", "local bye"])
        scene.bed.expectQuiet()
    }

    @Test func eachCallKeepsItsChannelUntilItsSideIsGone() throws {
        let scene = try TransferScene()
        let invite = try scene.transfer()
        scene.bed.receive(
            Cast.alpha.request("BYE", within: invite, sequence: 1), from: AgentBed.alpha)
        _ = try scene.expect(AgentBed.alpha, "200 BYE")
        #expect(scene.bed.inUse == 1)
        let bye = try scene.expect(AgentBed.alpha, "BYE")
        #expect(bye.callID.elementsEqual(scene.call.invite.callID))
        scene.answer(200, to: bye)
        #expect(scene.bed.inUse == 0)
        #expect(scene.ends == ["local bye", "remote bye"])
        scene.bed.expectQuiet()
    }

    @Test func anInboundCallIsTransferredToo() throws {
        let scene = try TransferScene(isInbound: true)
        let invite = try scene.refer()
        scene.answer(200, to: invite, body: TransferScene.callee)
        let again = try scene.expect(AgentBed.alpha, "INVITE")
        scene.answer(200, to: again, body: TransferScene.stays)
        #expect(try scene.notice() == "SIP/2.0 200 OK")
        let bye = try scene.expect(AgentBed.dialer, "BYE")
        scene.bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        scene.bed.discardMail()
        try scene.hangUpByCaller()
        #expect(scene.ends == ["remote bye", "local bye"])
        scene.bed.expectQuiet()
    }

    /// Sessions between the two are changed and refreshed as in any other call.
    @Test func theTwoChangeTheirSession() throws {
        let scene = try TransferScene()
        let invite = try scene.transfer()
        scene.bed.receive(
            Cast.alpha.request(
                "INVITE", within: scene.call.invite, sequence: 1, body: TransferScene.stays),
            from: AgentBed.alpha)
        let again = try scene.expect(AgentBed.alpha, "INVITE")
        #expect(again.callID.elementsEqual(invite.callID))
        scene.answer(200, to: again, body: TransferScene.callee)
        let answer = try scene.expect(AgentBed.alpha, "200 INVITE")
        #expect(answer.body.elementsEqual(TransferScene.callee.bytes))
        scene.bed.receive(
            Cast.alpha.request("ACK", within: scene.call.invite, sequence: 1),
            from: AgentBed.alpha)
        scene.bed.discardMail()
        try scene.hangUp(scene.call.invite, andExpectByeOf: invite, sequence: 2)
        scene.bed.expectQuiet()
    }

    @Test(arguments: [404, 486, 603]) func whatFailsLeavesTheCallAsItWas(status: UInt16) throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.answer(status, to: invite)
        #expect(try scene.notice().hasPrefix("SIP/2.0 \(status)"))
        _ = try scene.expect(AgentBed.alpha, "ACK")
        #expect(scene.ends == ["remote final_response"])
        try scene.bed.hangUp(scene.call, sequence: 3)
        scene.bed.expectQuiet()
    }

    @Test func aNumberWithoutARouteIsToldSo() throws {
        let scene = try TransferScene()
        scene.sendRefer(to: "<sip:44123@127.0.0.1>")
        _ = try scene.expect(AgentBed.dialer, "202 REFER")
        #expect(try scene.notice() == "SIP/2.0 100 Trying")
        #expect(try scene.notice() == "SIP/2.0 404 Not Found")
        try scene.bed.hangUp(scene.call, sequence: 3)
        scene.bed.expectQuiet()
    }

    @Test func aSideThatRefusesTheNewSessionKeepsTheOld() throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.answer(200, to: invite, body: TransferScene.callee)
        let again = try scene.expect(AgentBed.alpha, "INVITE")
        scene.answer(488, to: again)
        _ = try scene.expect(AgentBed.alpha, "ACK")
        #expect(try scene.notice() == "SIP/2.0 488 Not Acceptable Here")
        _ = try scene.expect(AgentBed.alpha, "ACK")
        scene.answer(200, to: try scene.expect(AgentBed.alpha, "BYE"))
        #expect(scene.ends == ["local bye"] && scene.bed.inUse == 1)
        try scene.bed.hangUp(scene.call, sequence: 3)
        scene.bed.expectQuiet()
    }

    /// As soon as it has its 202.
    @Test(arguments: [true, false]) func aDialerMayLeaveAtOnce(isAnswered: Bool) throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.bed.receive(
            Cast.dialer.request("BYE", after: scene.call.answer, sequence: 3),
            from: AgentBed.dialer)
        _ = try scene.expect(AgentBed.dialer, "200 BYE")
        #expect(scene.ends == [])
        if isAnswered {
            try scene.connect(invite)
            scene.bed.discardMail()
            try scene.hangUp(scene.call.invite, andExpectByeOf: invite)
        } else {
            scene.answer(486, to: invite)
            _ = try scene.expect(AgentBed.alpha, "ACK")
            scene.answer(200, to: try scene.expect(AgentBed.alpha, "BYE"))
            #expect(scene.ends == ["local bye", "remote final_response"])
        }
        #expect(!scene.bed.hasMail(AgentBed.dialer))
        scene.bed.expectQuiet()
    }

    @Test func whoHangsUpMeanwhileEndsBoth() throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.answer(180, to: invite)
        _ = try scene.notice()
        scene.bed.receive(
            Cast.alpha.request("BYE", within: scene.call.invite, sequence: 1),
            from: AgentBed.alpha)
        _ = try scene.expect(AgentBed.alpha, "200 BYE")
        let cancel = try scene.expect(AgentBed.alpha, "CANCEL")
        scene.answer(200, to: cancel)
        scene.answer(487, to: invite)
        let bye = try scene.expect(AgentBed.dialer, "BYE")
        scene.bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        #expect(scene.ends == ["remote bye", "local cancel"])
        scene.bed.expectQuiet()
    }

    /// The side that stays may have taken its session already: nobody else is left for it.
    @Test func aCalleeThatHangsUpWhileItIsConnectedEndsBoth() throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.answer(200, to: invite, body: TransferScene.callee)
        let again = try scene.expect(AgentBed.alpha, "INVITE")
        scene.bed.receive(
            Cast.alpha.request("BYE", within: invite, sequence: 1), from: AgentBed.alpha)
        scene.answer(200, to: again, body: TransferScene.stays)
        scene.bed.discardMail()
        scene.bed.run(for: .seconds(40))
        #expect(scene.ends == ["local bye", "remote bye"])
        scene.bed.expectQuiet()
    }

    // RFC 5359 section 2.5; the dialer has called both, or was called by one.
    @Test(arguments: [false, true]) func anAttendedTransferJoinsTwoCalls(isInbound: Bool) throws {
        let scene = try TransferScene(isInbound: isInbound)
        let (other, target) = try scene.consult()
        scene.sendRefer(to: target)
        _ = try scene.expect(AgentBed.dialer, "202 REFER")
        #expect(try scene.notice() == "SIP/2.0 100 Trying")
        let asked = try scene.expect(AgentBed.alpha, "INVITE")
        #expect(asked.body.isEmpty && asked.callID.elementsEqual(other.invite.callID))
        try scene.connect(asked)
        #expect(try scene.notice() == "SIP/2.0 200 OK")
        let bye = try scene.expect(AgentBed.dialer, "BYE")
        #expect(bye.callID.elementsEqual(other.answer.callID))
        scene.bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        let last = try scene.expect(AgentBed.dialer, "BYE")
        scene.bed.receive(Cast.dialer.response(200, to: last), from: AgentBed.dialer)
        #expect(scene.bed.inUse == 2 && scene.ends == [])
        scene.bed.receive(
            Cast.alpha.request("BYE", within: other.invite, sequence: 1), from: AgentBed.alpha)
        _ = try scene.expect(AgentBed.alpha, "200 BYE")
        scene.answer(200, to: try scene.expect(AgentBed.alpha, "BYE"))
        #expect(scene.ends == ["local bye", "remote bye"])
        scene.bed.expectQuiet()
    }

    @Test func aCalleeThatOffersNothingLeavesBothCallsAsTheyWere() throws {
        let scene = try TransferScene()
        let (other, target) = try scene.consult()
        scene.sendRefer(to: target)
        _ = try scene.expect(AgentBed.dialer, "202 REFER")
        _ = try scene.notice()
        scene.answer(488, to: try scene.expect(AgentBed.alpha, "INVITE"))
        #expect(try scene.notice() == "SIP/2.0 488 Not Acceptable Here")
        _ = try scene.expect(AgentBed.alpha, "ACK")
        try scene.bed.hangUp(scene.call, sequence: 3)
        try scene.bed.hangUp(other)
        #expect(scene.ends == ["local bye", "local bye"])
        scene.bed.expectQuiet()
    }

    @Test func aCallThatNobodyHasIsNotReplaced() throws {
        let scene = try TransferScene()
        scene.sendRefer(to: "<sip:1@127.0.0.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>")
        _ = try scene.expect(AgentBed.dialer, "603 REFER")
        try scene.bed.hangUp(scene.call, sequence: 3)
        scene.bed.expectQuiet()
    }

    /// Whoever has read the tags of a dialog may act inside it, but not place calls.
    @Test func onlyTheDialerMayAsk() throws {
        let scene = try TransferScene()
        scene.bed.receive(
            Cast.dialer.request(
                "REFER", after: scene.call.answer, sequence: 2,
                headers: ["Refer-To: <sip:2125550111@127.0.0.1>"]), from: AgentBed.stranger)
        _ = try scene.expect(AgentBed.stranger, "405 REFER")
        scene.bed.receive(
            Cast.alpha.request(
                "REFER", within: scene.call.invite, sequence: 1,
                headers: ["Refer-To: <sip:2125550111@127.0.0.1>"]), from: AgentBed.alpha)
        _ = try scene.expect(AgentBed.alpha, "405 REFER")
        #expect(scene.bed.events(.callStarted).count == 1)
        try scene.bed.hangUp(scene.call, sequence: 3)
        scene.bed.expectQuiet()
    }

    @Test func aDialerThatHasAPasswordShowsIt() throws {
        var configuration = TransferScene.configuration
        configuration.dialers[0].credentials = Credentials(user: "pbx", password: "word")
        let scene = try TransferScene()
        scene.bed.perform { agent, now, output in
            agent.reload(configuration, at: now, into: &output)
        }
        scene.sendRefer(to: "<sip:2125550111@127.0.0.1>")
        let challenge = try scene.expect(AgentBed.dialer, "401 REFER")
        #expect(challenge.first(.wwwAuthenticate) != nil)
        #expect(scene.bed.events(.callStarted).count == 1)
        try scene.bed.hangUp(scene.call, sequence: 3)
        scene.bed.expectQuiet()
    }

    /// Until the other side is there; a 481 would end its dialog.
    @Test func aCalleeThatIsInAHurryIsAskedToWait() throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.answer(200, to: invite, body: TransferScene.callee)
        let again = try scene.expect(AgentBed.alpha, "INVITE")
        scene.bed.receive(
            Cast.alpha.request("INFO", within: invite, sequence: 1), from: AgentBed.alpha)
        _ = try scene.expect(AgentBed.alpha, "491 INFO")
        scene.answer(200, to: again, body: TransferScene.stays)
        scene.bed.discardMail()
        try scene.hangUp(invite, andExpectByeOf: scene.call.invite, sequence: 2)
        scene.bed.expectQuiet()
    }

    @Test func whereNoCallsAreTakenNoneIsTransferred() throws {
        let scene = try TransferScene()
        scene.bed.perform { agent, now, output in agent.drain(at: now, into: &output) }
        scene.sendRefer(to: "<sip:2125550111@127.0.0.1>")
        let refusal = try scene.expect(AgentBed.dialer, "503 REFER")
        #expect(refusal.first(.retryAfter) != nil)
        try scene.bed.hangUp(scene.call, sequence: 3)
        scene.bed.expectQuiet()
    }

    /// The longest that its trunk's calls may last is not longer for a transfer.
    @Test func theSideThatStaysIsLimitedAsBefore() throws {
        var configuration = TransferScene.configuration
        configuration.trunks[0].calls.maxDuration = .seconds(100)
        let scene = try TransferScene(isInbound: false, configuration)
        scene.bed.run(for: .seconds(60))
        _ = try scene.transfer()
        scene.bed.run(for: .seconds(39))
        #expect(scene.ends == [])
        scene.bed.run(for: .seconds(2))
        #expect(scene.ends == ["agent max_duration", "agent max_duration"])
        scene.bed.expectQuiet()
    }

    @Test func oneTransferAtATime() throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.sendRefer(to: "<sip:2125550112@127.0.0.1>", sequence: 3)
        _ = try scene.expect(AgentBed.dialer, "491 REFER")
        scene.answer(486, to: invite)
        #expect(try scene.notice() == "SIP/2.0 486 Busy Here")
        scene.sendRefer(to: "<sip:2125550112@127.0.0.1>", sequence: 4)
        _ = try scene.expect(AgentBed.dialer, "202 REFER")
        let notice = try scene.expect(AgentBed.dialer, "NOTIFY")
        #expect(notice.text(.event) == "refer;id=4")
        scene.bed.receive(Cast.dialer.response(200, to: notice), from: AgentBed.dialer)
        _ = try scene.expect(AgentBed.alpha, "ACK")
        scene.answer(486, to: try scene.expect(AgentBed.alpha, "INVITE"))
        scene.bed.discardMail()
        try scene.bed.hangUp(scene.call, sequence: 5)
        scene.bed.expectQuiet()
    }
}
