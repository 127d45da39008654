import Testing
import TrunkEvents

@testable import SIPAgent

/// Users' complaints of registrations, and the flows of RFC 3665 section 2 by the way. The issue
/// that tells it stands above each test.
@Suite struct RegistrationComplaintTests {
    private static let challenge =
        "WWW-Authenticate: Digest realm=\"alpha\", nonce=\"n1\", algorithm=MD5, qop=\"auth\""

    /// Alpha wants a registration, beta knows us by address.
    private static func bed() -> AgentBed {
        let registration = RegistrationConfiguration(
            user: "2125550100",
            credentials: Credentials(user: "2125550100", password: "secret"))
        return AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, registration: registration),
                AgentBed.trunk(AgentBed.betaName, AgentBed.beta),
            ]))
    }

    private static func register(_ bed: AgentBed) throws -> SIPMessage {
        bed.runUntilMail(AgentBed.alpha)
        return try bed.expect(AgentBed.alpha, "REGISTER")
    }

    // RFC 3665 sections 2.1 and 2.4.
    @Test func aBindingIsMadeAndTakenBack() throws {
        let bed = Self.bed()
        let first = try Self.register(bed)
        #expect(first.text(.expires) == "3600" && first.contact != nil)
        bed.receive(
            Cast.alpha.response(401, to: first, headers: [Self.challenge]), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.alpha, "REGISTER")
        #expect(second.cseq.number == first.cseq.number + 1)
        #expect(second.text(.authorization)?.contains("realm=\"alpha\"") == true)
        bed.receive(
            Cast.alpha.response(200, to: second, headers: ["Expires: 3600"]),
            from: AgentBed.alpha)
        bed.perform { agent, now, output in
            agent.shutdown(hangUpCalls: true, at: now, into: &output)
        }
        let last = try bed.expect(AgentBed.alpha, "REGISTER")
        #expect(last.text(.expires) == "0")
        bed.receive(Cast.alpha.response(200, to: last), from: AgentBed.alpha)
        #expect(bed.ladder(AgentBed.alpha) == ["REGISTER", "REGISTER", "REGISTER"])
        bed.run(for: .seconds(40))
        #expect(bed.events(.registrationRemoved).count == 1 && bed.isQuiet)
    }

    // kamailio#931: each REGISTER had a Call-ID of its own.
    @Test func allHaveOneCallID() throws {
        let bed = Self.bed()
        var callIDs: Set<String> = []
        for _ in 0..<3 {
            let request = try Self.register(bed)
            callIDs.insert(request.text(.callID) ?? "")
            bed.receive(
                Cast.alpha.response(200, to: request, headers: ["Expires: 60"]),
                from: AgentBed.alpha)
            bed.discardMail()
            bed.run(for: .seconds(58))
        }
        #expect(callIDs.count == 1)
    }

    // asterisk#1859: once a binding had been removed, a REGISTER named no lifetime, and the
    // registrar granted what it liked.
    @Test func eachRegisterNamesALifetime() throws {
        let bed = Self.bed()
        let configuration = bed.agent.board.directory.configuration
        let without = AgentBed.configuration(trunks: [configuration.trunks[1]])
        var lifetimes: [String?] = []
        for next in [without, configuration, without] {
            let request = try Self.register(bed)
            lifetimes.append(request.text(.expires))
            bed.receive(
                Cast.alpha.response(200, to: request, headers: ["Expires: 3600"]),
                from: AgentBed.alpha)
            bed.perform { agent, now, output in agent.reload(next, at: now, into: &output) }
        }
        #expect(lifetimes == ["3600", "0", "3600"])
    }

    // freeswitch#1960: one gateway that failed to register broke all calls.
    @Test func aDeadRegistrarIsItsTrunksAffairOnly() throws {
        let bed = Self.bed()
        _ = try Self.register(bed)
        bed.run(for: .seconds(100))
        bed.discardMail()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.beta.response(486, to: invite), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
    }

    // VoiceBlender PR#107: a trunk went on to attract calls after a 403, and asked on and on.
    // opensips PR#3270: a registrar was hammered with wrong credentials. pjproject#5146: nobody
    // knew what to make of 439. RFC 3665 section 2.5.
    @Test(arguments: [401, 403, 439] as [UInt16])
    func aTrunkThatIsNotLetInAttractsNoCallsAndAsksNowAndThen(status: UInt16) throws {
        let bed = Self.bed()
        var request = try Self.register(bed)
        if status == 401 {
            bed.receive(
                Cast.alpha.response(401, to: request, headers: [Self.challenge]),
                from: AgentBed.alpha)
            request = try bed.expect(AgentBed.alpha, "REGISTER")
        }
        let headers = status == 401 ? [Self.challenge] : []
        bed.receive(
            Cast.alpha.response(status, to: request, headers: headers), from: AgentBed.alpha)
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.beta.response(486, to: invite), from: AgentBed.beta)
        bed.run(for: .seconds(29))
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.run(for: .seconds(31))
        let again = try bed.expect(AgentBed.alpha, "REGISTER")
        bed.receive(
            Cast.alpha.response(200, to: again, headers: ["Expires: 3600"]), from: AgentBed.alpha)
        // Repeated while it had no answer.
        bed.discardMail()
        bed.place("call-2")
        _ = try bed.expect(AgentBed.alpha, "INVITE")
    }

    // asterisk#452: behind an address of another name the granted lifetime was not found.
    @Test func theLifetimeOfAnAdvertisedContactIsFound() throws {
        var configuration = AgentBed.configuration(trunks: [
            AgentBed.trunk(
                AgentBed.alphaName, AgentBed.alpha,
                registration: RegistrationConfiguration(
                    user: "2125550100",
                    credentials: Credentials(user: "2125550100", password: "secret")))
        ])
        configuration.advertisedHost = "sbc.example"
        let bed = AgentBed(configuration)
        let request = try Self.register(bed)
        let contact = request.text(.contact) ?? ""
        #expect(contact.contains("sbc.example"))
        bed.receive(
            Cast.alpha.response(
                200, to: request,
                headers: ["Contact: <sip:other@192.0.2.1>;expires=10, \(contact);expires=120"]),
            from: AgentBed.alpha)
        guard case .registrationSucceeded(let fact)? = bed.events(.registrationSucceeded).first
        else {
            Issue.record("it is registered")
            return
        }
        #expect(fact.expiresSeconds == 120)
    }
}
