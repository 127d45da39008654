import Testing
import TrunkEvents

@testable import SIPAgent

/// Users' complaints of peers that are not understood. The issue that tells it stands above each
/// test.
@Suite struct InteropComplaintTests {
    // pjproject#2712, #2408, SIPp#488, sipsorcery#525, opensips#2227: several challenges in one
    // answer, or one by SHA-256, were too much.
    @Test func ofSeveralChallengesTheStrongestIsAnswered() throws {
        let trunk = AgentBed.trunk(
            AgentBed.alphaName, AgentBed.alpha,
            registration: RegistrationConfiguration(
                user: "2125550100",
                credentials: Credentials(user: "2125550100", password: "secret")))
        let bed = AgentBed(AgentBed.configuration(trunks: [trunk]))
        bed.runUntilMail(AgentBed.alpha)
        let challenges = ["MD5", "SHA-256", "SHA-999"].map {
            "WWW-Authenticate: Digest realm=\"a\", nonce=\"n-\($0)\", algorithm=\($0), qop=\"auth\""
        }
        var request = try bed.expect(AgentBed.alpha, "REGISTER")
        bed.receive(
            Cast.alpha.response(401, to: request, headers: challenges), from: AgentBed.alpha)
        request = try bed.expect(AgentBed.alpha, "REGISTER")
        #expect(request.text(.authorization)?.contains("algorithm=SHA-256") == true)
        bed.receive(
            Cast.alpha.response(200, to: request, headers: ["Expires: 3600"]),
            from: AgentBed.alpha)
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(401, to: first, headers: challenges), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let second = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(second.text(.authorization)?.contains("nonce=\"n-SHA-256\"") == true)
        bed.receive(Cast.alpha.response(486, to: second), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
    }

    // asterisk#956: an INVITE of more than 4,000 bytes was dropped.
    @Test func aLargeInviteCrossesWhole() throws {
        let bed = AgentBed()
        let candidates = (0..<200).map { "a=candidate:\($0) 1 UDP 2130706431 10.0.0.1 9 typ host" }
        let body = Octets(
            AgentBed.sdp.description + candidates.joined(separator: "\r\n") + "\r\n")
        bed.receive(
            Cast.dialer.invite(
                "call-1", headers: ["Identity: \(String(repeating: "x", count: 3_000))"],
                body: body), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.bytes.count > 12_000)
        #expect(invite.body.elementsEqual(body.bytes))
        #expect(invite.text(named: "Identity")?.count == 3_000)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    // fail2ban#2163: a caller that had merely been challenged was taken for an attacker.
    @Test func aChallengeIsNoOffence() throws {
        let bed = AgentBed(
            AgentBed.configuration { dialer in
                dialer.credentials = Credentials(user: "pbx", password: "word")
            })
        for index in 0..<50 {
            bed.place("call-\(index)")
            _ = try bed.expect(AgentBed.dialer, "401 INVITE")
            bed.run(for: .seconds(1))
            bed.discardMail()
        }
        #expect(bed.events(.callStarted).isEmpty && bed.events(.strangersDropped).isEmpty)
        bed.expectQuiet()
    }
}
