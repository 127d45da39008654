import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallChallengeTests {
    private static let registration = RegistrationConfiguration(
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

    @Test func credentialsThatAreRefusedDoNotReachTheDialerAsAChallenge() throws {
        let bed = try Self.registeredBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(407, to: first, headers: [Self.challenge]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let second = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(407, to: second, headers: [Self.challenge]), from: AgentBed.alpha)
        let refusal = try bed.expect(AgentBed.dialer, "403 INVITE")
        #expect(refusal.first(.proxyAuthenticate) == nil)
        #expect(bed.inUse == 0)
    }

    @Test func aDialerWithAPasswordIsChallenged() throws {
        let bed = AgentBed(
            AgentBed.configuration { dialer in
                dialer.credentials = Credentials(user: "pbx", password: "word")
            })
        bed.place("call-1")
        let challenge = try bed.expect(AgentBed.dialer, "401 INVITE")
        #expect(bed.events(.callStarted).isEmpty)
        var session = DigestSession(
            credentials: DigestCredentials(
                username: Array("pbx".utf8), password: Array("word".utf8)))
        #expect(session.receive(challengeIn: challenge, answered: 0) == .answer)
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
}
