import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct AgentCoreTests {
    @Test func strangersGetNoAnswerAndAreCountedByTheMinute() throws {
        let bed = AgentBed()
        let scanner = Phone(AgentBed.stranger, tag: "scan")
        for id in ["s-1", "s-2"] {
            bed.receive(scanner.invite(id), from: AgentBed.stranger)
        }
        bed.receive(Array("OPTIONS sip:x SIP/2.0\r\n\r\n".utf8), from: AgentBed.stranger)
        bed.run(for: .seconds(61))
        #expect(!bed.hasMail(AgentBed.stranger))
        #expect(bed.events(.callStarted).isEmpty)
        guard case .strangersDropped(let dropped)? = bed.events(.strangersDropped).first else {
            Issue.record("strangers are recorded")
            return
        }
        #expect(dropped.count == 3 && dropped.source == AgentBed.stranger.address)
        #expect(dropped.minute.nanoseconds % 60_000_000_000 == 0)
        bed.expectQuiet()
    }

    @Test func aByeFromAnotherAddressOfTheCarrierEndsTheCall() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.stranger)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func optionsSaysWhetherCallsCanBePlaced() throws {
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, channels: .init(total: 1))
            ]))
        let ask = { (id: String, phone: Phone) in
            phone.request(
                "OPTIONS", uri: "sip:127.0.0.1:5062", branch: "z9hG4bK-\(id)", to: "<sip:pbx1>",
                callID: id, sequence: 1, from: "<sip:x@y>;tag=\(id)", headers: [], body: .empty)
        }
        bed.receive(ask("o-1", Cast.dialer), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 OPTIONS")
        let call = try bed.answeredCall()
        bed.receive(ask("o-2", Cast.dialer), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "503 OPTIONS")
        bed.receive(ask("o-3", Cast.alpha), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 OPTIONS")
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    @Test(arguments: [
        ("REGISTER", 405), ("SUBSCRIBE", 405), ("MESSAGE", 405), ("DANCE", 501), ("BYE", 481),
    ])
    func whatIsNotServedIsRefused(method: String, status: UInt16) throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.request(
                method, uri: "sip:127.0.0.1:5062", branch: "z9hG4bK-1", to: "<sip:pbx1>",
                callID: "r-1", sequence: 1, from: "<sip:x@y>;tag=1", headers: [], body: .empty),
            from: AgentBed.dialer)
        let answer = try #require(bed.take(AgentBed.dialer))
        #expect(answer.status == status)
        #expect((answer.text(.allow) != nil) == (status != 481))
        bed.expectQuiet()
    }

    @Test func aMalformedRequestIsAnsweredAndTheNextCallIsTaken() throws {
        let bed = AgentBed()
        let broken =
            "INVITE sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.2;branch=z9hG4bK1\r\n\r\n"
        bed.receive(Array(broken.utf8), from: AgentBed.dialer)
        let answer = try #require(bed.sent.last)
        #expect(Octets(answer.bytes).description.hasPrefix("SIP/2.0 400 "))
        bed.receive(Array("\r\n\r\n".utf8), from: AgentBed.dialer)
        try bed.hangUp(try bed.answeredCall())
        bed.expectQuiet()
    }

    @Test func anInviteThatNeedsAnExtensionOrHasNoHopLeftIsRefused() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.invite("r-1", headers: ["Require: precondition"]), from: AgentBed.dialer)
        let refusal = try bed.expect(AgentBed.dialer, "420 INVITE")
        #expect(refusal.text(.unsupported) == "precondition")
        let text = Octets(Cast.dialer.invite("r-2")).description
        let worn = text.split(separator: "Max-Forwards: 70").joined(separator: "Max-Forwards: 0")
        bed.receive(Array(worn.utf8), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "483 INVITE")
        bed.expectQuiet()
    }

    @Test func anInviteThatArrivesTwiceOrComesBackIsALoop() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.dialer.invite("call-1", branch: "z9hG4bK-other"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "482 INVITE")
        let back = Octets(invite.bytes).description
            .replacing("branch=z9hG4bK", with: "branch=z9hG4bKback")
        bed.receive(Array(back.utf8), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "482 INVITE")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func headersCrossUntouchedAndThoseOfTheHopDoNot() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.invite(
                "call-1",
                headers: [
                    "Identity: abc;info=<https://x>", "P-Asserted-Identity: <tel:+13105550100>",
                    "Privacy: id", "X-First: 1", "Supported: 100rel, timer", "X-Second: 2",
                    "Session-Expires: 90", "Record-Route: <sip:proxy;lr>",
                    "Authorization: Digest x=\"y\"",
                ]), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        let text = Octets(invite.bytes).description
        for kept in ["Identity: abc;info=<https://x>", "Privacy: id", "X-First: 1", "X-Second: 2"] {
            #expect(text.contains("\r\n\(kept)\r\n"))
        }
        for theirs in ["Record-Route", "Authorization", "dialer-", "V5108"] {
            #expect(!text.contains(theirs))
        }
        #expect(invite.text(.sessionExpires) == "1800", "ours, not the dialer's")
        #expect(invite.maxForwards == 69)
        guard case .callStarted(let started)? = bed.events(.callStarted).first else { return }
        #expect(started.dialerReference == "V5108" && started.caller == AgentBed.name("vicidial"))
        #expect(started.aRaw == "3105550100" && started.bE164 == "+12125550199")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    // asterisk#1031, #454: under overload the requests of open calls were dropped too.
    @Test func whileShedOrDrainingNewCallsAreTurnedAwayAndOpenOnesServed() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.agent.isShedding = true
        bed.place("call-2")
        #expect(try bed.expect(AgentBed.dialer, "503 INVITE").retryAfter != nil)
        bed.agent.isShedding = false
        bed.perform { agent, now, output in agent.drain(at: now, into: &output) }
        bed.place("call-3")
        _ = try bed.expect(AgentBed.dialer, "503 INVITE")
        #expect(bed.events(.callStarted).count == 1)
        #expect(!bed.isQuiet)
        try bed.hangUp(call)
        #expect(bed.isQuiet)
        bed.expectQuiet()
    }

    @Test func shutdownHangsUpWhatIsOpen() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.place("call-2")
        let ringing = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: ringing), from: AgentBed.alpha)
        bed.discardMail()
        bed.perform { agent, now, output in
            agent.shutdown(hangUpCalls: true, at: now, into: &output)
        }
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.callID.elementsEqual(call.invite.callID))
        _ = try bed.expect(AgentBed.alpha, "CANCEL")
        _ = try bed.expect(AgentBed.dialer, "BYE")
        _ = try bed.expect(AgentBed.dialer, "503 INVITE")
        #expect(bed.events(.callEnded).count == 2)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(487, to: ringing), from: AgentBed.alpha)
        bed.expectQuiet()
        #expect(bed.isQuiet)
    }

    // kamailio PR#2353: a reload forgot the calls.
    @Test func aReloadTakesATrunkAwayAndItsCallGoesOn() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        let next = AgentBed.configuration(trunks: [
            AgentBed.trunk(AgentBed.betaName, AgentBed.beta)
        ])
        bed.perform { agent, now, output in agent.reload(next, at: now, into: &output) }
        #expect(bed.events(.trunkRemoved).count == 1)
        #expect(bed.events(.trunkConfigured).count == 2)
        bed.place("call-2")
        _ = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.dialer.cancel("call-2"), from: AgentBed.dialer)
        bed.discardMail()
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    @Test func nothingIsTakenBeforeTheStart() {
        var agent = AgentCore(configuration: AgentBed.configuration(), entropy: .seeded(1))
        var output = AgentOutput()
        let now = Moment(
            wall: WallInstant(nanoseconds: 1), monotonic: MonotonicInstant(nanoseconds: 1))
        agent.receive(
            Cast.dialer.invite("call-1"), from: AgentBed.dialer, on: AgentBed.agentAddress,
            at: now, into: &output)
        #expect(output.steps.isEmpty)
        let openCalls = agent.openCallCount
        #expect(openCalls == 0)
    }

    @Test func onlyChangedTrunksAreRecordedAtAStart() {
        let bed = AgentBed()
        #expect(bed.events(.trunkConfigured).count == 2)
        bed.crash(downtime: .seconds(1))
        #expect(bed.events(.trunkConfigured).count == 2)
    }

    @Test func heartbeatsAndClockSteps() {
        let bed = AgentBed()
        bed.run(for: .seconds(35))
        #expect(bed.events(.heartbeat).count == 3)
        bed.now = Moment(
            wall: bed.now.wall.advanced(by: .seconds(-7)), monotonic: bed.now.monotonic)
        bed.run(for: .seconds(11))
        #expect(bed.events(.clockStepped) == [.clockStepped(ClockStepped(step: .seconds(-7)))])
    }
}
