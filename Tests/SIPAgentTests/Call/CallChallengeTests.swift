import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallChallengeTests {
    static let registration = RegistrationConfiguration(
        user: "2125550100",
        credentials: Credentials(user: "2125550100", password: "secret"))

    /// A bed whose trunk is registered.
    private static func registeredBed() throws -> AgentBed {
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, registration: registration)
            ]))
        bed.place("early")
        let refused = try bed.expect(AgentBed.dialer, "503 INVITE")
        #expect(refused.q850Cause == 38)
        bed.run(for: .seconds(1))
        let register = try bed.expect(AgentBed.alpha, "REGISTER")
        bed.receive(
            Cast.alpha.response(200, to: register, headers: ["Expires: 3600"]),
            from: AgentBed.alpha)
        bed.discardMail()
        return bed
    }

    /// Alpha challenges the call's INVITE: the one that follows.
    private static func answeredChallenge(_ bed: AgentBed) throws -> SIPMessage {
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(407, to: first, headers: [challenge]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        return try bed.expect(AgentBed.alpha, "INVITE")
    }

    private static let challenge =
        "Proxy-Authenticate: Digest realm=\"alpha\", nonce=\"n1\", algorithm=MD5, qop=\"auth\""

    @Test func aCarriersChallengeIsAnsweredWithinTheAttempt() throws {
        let bed = try Self.registeredBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(407, to: first, headers: [Self.challenge]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let second = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(second.text(.callID) == first.text(.callID))
        #expect(second.text(.from) == first.text(.from))
        #expect(second.cseq.number == first.cseq.number + 1)
        #expect(second.text(.proxyAuthorization)?.contains("username=\"2125550100\"") == true)
        #expect(second.body.elementsEqual(AgentBed.sdp.bytes))
        #expect(bed.events(.channelSeized).count == 1 && bed.events(.attemptSent).count == 2)
        bed.receive(
            Cast.alpha.response(200, to: second, body: AgentBed.sdp), from: AgentBed.alpha)
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        #expect(ack.text(.proxyAuthorization) == second.text(.proxyAuthorization))
        #expect(ack.cseq.number == second.cseq.number)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(
            Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.text(.proxyAuthorization)?.contains("nc=00000002") == true)
        let stale = Self.challenge.replacing("n1", with: "n2") + ", stale=true"
        bed.receive(
            Cast.alpha.response(407, to: bye, headers: [stale]), from: AgentBed.alpha)
        let again = try bed.expect(AgentBed.alpha, "BYE")
        #expect(again.cseq.number == bye.cseq.number + 1)
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: again), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
    }

    // A carrier that challenges, then asks for a longer interval, then challenges that INVITE too.
    @Test func anInviteThatIsChangedBringsTheCredentialsAlong() throws {
        let bed = try Self.registeredBed()
        let second = try Self.answeredChallenge(bed)
        bed.receive(
            Cast.alpha.response(422, to: second, headers: ["Min-SE: 3600"]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let third = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(third.text(.proxyAuthorization)?.contains("nc=00000002") == true)
        let fresh = Self.challenge.replacing("n1", with: "n2")
        bed.receive(Cast.alpha.response(407, to: third, headers: [fresh]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let fourth = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(fourth.text(.proxyAuthorization)?.contains("nonce=\"n2\"") == true)
        #expect(fourth.sessionExpires?.seconds == 3_600)
        bed.receive(Cast.alpha.response(486, to: fourth), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
    }

    @Test func credentialsThatAreRefusedDoNotReachTheDialerAsAChallenge() throws {
        let bed = try Self.registeredBed()
        let second = try Self.answeredChallenge(bed)
        bed.receive(
            Cast.alpha.response(407, to: second, headers: [Self.challenge]), from: AgentBed.alpha)
        let refusal = try bed.expect(AgentBed.dialer, "403 INVITE")
        #expect(refusal.first(.proxyAuthenticate) == nil)
        #expect(bed.inUse == 0)
    }

    // fail2ban#2163: who is challenged is no attacker.
    @Test func aDialerWithAPasswordIsChallenged() throws {
        let bed = AgentBed(
            AgentBed.configuration { dialer in
                dialer.credentials = Credentials(user: "pbx", password: "word")
            })
        bed.place("call-1")
        let challenge = try bed.expect(AgentBed.dialer, "401 INVITE")
        #expect(bed.events(.callStarted).isEmpty)
        let credentials = DigestCredentials(
            username: Array("pbx".utf8), password: Array("word".utf8))
        var session = try DigestSession(credentials: credentials, challengedBy: challenge)
        let uri = "sip:2125550199@127.0.0.1:5062"
        let value = session.authorization(
            method: Bytes("INVITE"), uri: Array(uri.utf8)[...], cnonce: Bytes("c1"))
        bed.receive(
            Cast.dialer.invite(
                "call-1", branch: "z9hG4bK-2", sequence: 2,
                headers: ["Authorization: \(Octets(value ?? []))"]), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.first(.authorization) == nil)
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    /// A registered call of the dialer, and what alpha was last sent in it.
    private static func registeredCall(_ bed: AgentBed) throws -> AnsweredCall {
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(
                200, to: invite,
                headers: [
                    "Session-Expires: 600;refresher=uac", "Require: timer", "Allow: BYE, UPDATE",
                ], body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        return AnsweredCall(invite: invite, answer: answer)
    }

    // drachtio#190, diago#93, sipgo#90: a challenge inside the dialog, answered with the same CSeq
    // or not at all.
    @Test(arguments: ["INVITE", "UPDATE", "INFO", "MESSAGE"])
    func aRequestInsideTheDialogIsAnsweredToo(method: String) throws {
        let bed = try Self.registeredBed()
        let call = try Self.registeredCall(bed)
        bed.receive(
            Cast.dialer.request(method, after: call.answer, sequence: 2, body: AgentBed.sdp),
            from: AgentBed.dialer)
        let first = try bed.expect(AgentBed.alpha, method)
        bed.receive(
            Cast.alpha.response(407, to: first, headers: [Self.challenge]), from: AgentBed.alpha)
        if method == "INVITE" { _ = try bed.expect(AgentBed.alpha, "ACK") }
        let second = try bed.expect(AgentBed.alpha, method)
        #expect(second.cseq.number == first.cseq.number + 1)
        #expect(second.text(.proxyAuthorization)?.contains("2125550100") == true)
        #expect(second.body.elementsEqual(first.body))
        bed.receive(Cast.alpha.response(488, to: second), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "488 \(method)")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func requestsOfOurOwnAreAnsweredToo() throws {
        let bed = try Self.registeredBed()
        let call = try Self.registeredCall(bed)
        bed.run(for: .seconds(300))
        let first = try bed.expect(AgentBed.alpha, "UPDATE")
        bed.receive(
            Cast.alpha.response(
                401, to: first,
                headers: [Self.challenge.replacing("Proxy-Authenticate", with: "WWW-Authenticate")]
            ), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.alpha, "UPDATE")
        #expect(second.cseq.number == first.cseq.number + 1)
        #expect(second.text(.authorization)?.contains("2125550100") == true)
        #expect(second.text(.sessionExpires) == first.text(.sessionExpires))
        bed.discardMail()
        bed.receive(Cast.alpha.response(481, to: second), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "BYE")
        #expect(call.answer.status == 200)
        bed.expectQuiet()
    }

    @Test func aPrackIsAnsweredToo() throws {
        let bed = try Self.registeredBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(180, to: invite, headers: EarlyDialogTests.reliable(1)),
            from: AgentBed.alpha)
        let first = try bed.expect(AgentBed.alpha, "PRACK")
        bed.receive(
            Cast.alpha.response(407, to: first, headers: [Self.challenge]), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.alpha, "PRACK")
        #expect(second.cseq.number == first.cseq.number + 1)
        #expect(second.text(.rack) == first.text(.rack))
        #expect(second.text(.proxyAuthorization) != nil)
        bed.receive(Cast.alpha.response(200, to: second), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }
}
