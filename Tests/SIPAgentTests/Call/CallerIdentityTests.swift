import Testing
import TrunkEvents

@testable import SIPAgent

/// What the carrier sees of the caller, from the dialer's INVITE to ours.
@Suite struct CallerIdentityTests {
    private func outgoing(
        _ rules: CallerRules, trusting sources: [CallerSource] = [.from],
        registered: Bool = false, from user: String = "3105550100", headers: [String] = [],
        anonymous: Bool = false
    ) throws -> SIPMessage {
        let registration = RegistrationConfiguration(
            user: "2125550100", credentials: Credentials(user: "u", password: "p"))
        var trunk = AgentBed.trunk(
            AgentBed.alphaName, AgentBed.alpha, registration: registered ? registration : nil)
        trunk.caller = rules
        let bed = AgentBed(
            AgentBed.configuration(trunks: [trunk]) { dialer in
                dialer.callerSources = sources
                dialer.reference = .none
            })
        if registered {
            let register = try bed.expectAny(AgentBed.alpha)
            bed.receive(
                Cast.alpha.response(200, to: register, headers: ["Expires: 600"]),
                from: AgentBed.alpha)
        }
        var invite = Cast.dialer.invite("call-1", from: user, headers: headers)
        if anonymous {
            let text = Octets(invite).description.replacing(
                "sip:\(user)@127.0.0.2>;tag", with: "sip:anonymous@anonymous.invalid>;tag")
            invite = Array(text.utf8)
        }
        bed.receive(invite, from: AgentBed.dialer)
        return try bed.expect(AgentBed.alpha, "INVITE")
    }

    private func from(_ message: SIPMessage) -> String {
        String(decoding: message.from.uriText, as: UTF8.self)
    }

    private static let identity = "P-Asserted-Identity: \"Sales\" <sip:2125550177@pbx>"
    private static let party =
        "Remote-Party-ID: <sip:2125550188@pbx>;party=calling;privacy=full"
    private static let diversion = "Diversion: <sip:2125550166@pbx>;reason=no-answer"

    @Test func unlessToldOtherwiseAllGoesAcrossAsItCame() throws {
        let invite = try outgoing(
            CallerRules(), headers: [Self.identity, Self.party, Self.diversion, "Privacy: id"])
        #expect(from(invite) == "sip:3105550100@127.0.0.3")
        #expect(invite.text(.pAssertedIdentity) == "\"Sales\" <sip:2125550177@pbx>")
        #expect(invite.text(.remotePartyID)?.hasSuffix("privacy=full") == true)
        #expect(invite.text(.diversion) == "<sip:2125550166@pbx>;reason=no-answer")
        #expect(invite.text(.privacy) == "id")
    }

    @Test(arguments: [
        ([.from], "3105550100"), ([.assertedIdentity, .from], "2125550177"),
        ([.remoteParty, .assertedIdentity], "2125550188"), ([], "3105550100"),
    ] as [([CallerSource], String)])
    func theDialersHeadersAreBelievedInOrder(sources: [CallerSource], user: String) throws {
        let invite = try outgoing(
            CallerRules(), trusting: sources, headers: [Self.identity, Self.party])
        #expect(from(invite) == "sip:\(user)@127.0.0.3")
    }

    @Test(arguments: [
        (.asSent, "3105550100"), (.e164, "+13105550100"), (.plain, "13105550100"),
        (.national, "3105550100"),
    ] as [(NumberFormat, String)])
    func theCallersNumberIsWrittenAsTheCarrierWants(format: NumberFormat, user: String) throws {
        let rules = CallerRules(format: format, assertedIdentity: .write)
        let invite = try outgoing(rules, headers: [Self.identity])
        #expect(from(invite) == "sip:\(user)@127.0.0.3")
        #expect(invite.text(.pAssertedIdentity) == "<sip:\(user)@127.0.0.3>")
        #expect(invite.values(of: .pAssertedIdentity).map { _ in 1 } == [1])
    }

    @Test func theAccountCanStandInFromAndTheCallerBesideIt() throws {
        let rules = CallerRules(
            sender: .registered, assertedIdentity: .write, remoteParty: .write)
        let invite = try outgoing(rules, registered: true)
        #expect(from(invite) == "sip:2125550100@127.0.0.3")
        #expect(invite.text(.pAssertedIdentity) == "<sip:3105550100@127.0.0.3>")
        #expect(
            invite.text(.remotePartyID)
                == "<sip:3105550100@127.0.0.3>;party=calling;screen=yes;privacy=off")
    }

    @Test func oneNumberForAllCalls() throws {
        let invite = try outgoing(CallerRules(sender: .fixed("+12125550111")))
        #expect(from(invite) == "sip:+12125550111@127.0.0.3")
    }

    @Test func whatIsRemovedStaysBehind() throws {
        let rules = CallerRules(
            assertedIdentity: .remove, remoteParty: .remove, passesDiversion: false,
            privacy: .remove)
        let invite = try outgoing(
            rules, headers: [Self.identity, Self.party, Self.diversion, "Privacy: id"])
        for header in [HeaderID.pAssertedIdentity, .remotePartyID, .diversion, .privacy] {
            #expect(invite.text(header) == nil)
        }
    }

    @Test(arguments: ["Privacy: id", "Privacy: header;id", party])
    func privacyIsApplied(wish: String) throws {
        let rules = CallerRules(
            assertedIdentity: .write, remoteParty: .write, privacy: .apply)
        let invite = try outgoing(rules, headers: [wish])
        #expect(from(invite) == "sip:anonymous@anonymous.invalid")
        #expect(invite.from.display.map { String(decoding: $0, as: UTF8.self) } == "Anonymous")
        #expect(invite.text(.pAssertedIdentity) == "<sip:3105550100@127.0.0.3>")
        #expect(invite.text(.remotePartyID)?.hasSuffix("privacy=full") == true)
        #expect(invite.text(.privacy) == "id")
    }

    @Test(arguments: ["Privacy: none", "Privacy: id;none", "X-Privacy: id"])
    func privacyThatIsNotAskedForIsNotApplied(wish: String) throws {
        let invite = try outgoing(CallerRules(privacy: .apply), headers: [wish])
        #expect(from(invite) == "sip:3105550100@127.0.0.3")
        #expect(invite.text(.privacy) == nil)
    }

    @Test func anAnonymousCallerIsKnownByTheAssertedIdentity() throws {
        let rules = CallerRules(assertedIdentity: .write, privacy: .apply)
        let invite = try outgoing(
            rules, trusting: [.assertedIdentity, .from], headers: [Self.identity], anonymous: true)
        #expect(from(invite) == "sip:anonymous@anonymous.invalid")
        #expect(invite.text(.pAssertedIdentity) == "<sip:2125550177@127.0.0.3>")
        #expect(invite.text(.privacy) == "id")
    }

    @Test func anUnknownCallerIsNotAsserted() throws {
        let invite = try outgoing(CallerRules(assertedIdentity: .write), anonymous: true)
        #expect(from(invite) == "sip:anonymous@anonymous.invalid")
        #expect(invite.text(.pAssertedIdentity) == nil)
    }
}

extension AgentBed {
    /// The next message for a peer, whatever it is.
    fileprivate func expectAny(_ peer: Endpoint) throws -> SIPMessage {
        run(for: .milliseconds(1))
        guard let message = take(peer) else { throw NothingCame() }
        return message
    }
}
