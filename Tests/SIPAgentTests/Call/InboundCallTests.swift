import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct InboundCallTests {
    private static func ring(_ bed: AgentBed, _ id: String, to number: String = "12125550100") {
        bed.receive(Cast.alpha.invite(id, to: number), from: AgentBed.alpha)
    }

    @Test func aCallToOurNumberReachesTheDialer() throws {
        let bed = AgentBed()
        Self.ring(bed, "in-1")
        #expect(bed.take(AgentBed.alpha)?.status == 100)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        #expect(invite.uri == "sip:12125550100@127.0.0.2:5060")
        #expect(invite.text(.from)?.hasPrefix("\"V5108\" <sip:3105550100@127.0.0.1>") == true)
        bed.receive(Cast.dialer.response(180, to: invite), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "180 INVITE")
        bed.receive(
            Cast.dialer.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "ACK")
        let answer = try bed.expect(AgentBed.alpha, "200 INVITE")
        bed.receive(Cast.alpha.request("ACK", after: answer, sequence: 1), from: AgentBed.alpha)
        bed.receive(
            Cast.dialer.request("BYE", within: invite, sequence: 1), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 BYE")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(
            bed.kinds == [
                .callStarted, .channelSeized, .attemptSent, .attemptProgressed, .attemptAnswered,
                .callAnswered, .callEnded, .channelReleased,
            ])
        guard case .callEnded(let ended)? = bed.events(.callEnded).first,
            case .callStarted(let started)? = bed.events(.callStarted).first
        else { return }
        #expect(ended.endedBy == .local)
        #expect(started.did == "+12125550100" && started.direction == .inbound)
        bed.expectQuiet()
    }

    /// Two accounts with one carrier; its call names the contact of the second.
    @Test func aCallToAContactBelongsToItsRegistration() throws {
        var trunks: [TrunkConfiguration] = []
        for (name, user, contact) in [
            (AgentBed.alphaName, "100", "4000"), (AgentBed.betaName, "101", "4001"),
        ] as [(TrunkName, Octets, Octets)] {
            let credentials = Credentials(user: user, password: "s")
            trunks.append(
                AgentBed.trunk(
                    name, AgentBed.alpha,
                    registration: RegistrationConfiguration(
                        user: user, credentials: credentials, contacts: [contact])))
        }
        var configuration = AgentBed.configuration(trunks: trunks)
        configuration.inboundNumbers.append(
            InboundNumberConfiguration(number: "4001", dialer: AgentBed.name("vicidial")))
        let bed = AgentBed(configuration)
        Self.ring(bed, "in-1", to: "4001")
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        #expect(invite.uri == "sip:4001@127.0.0.2:5060")
        guard case .channelSeized(let fact)? = bed.events(.channelSeized).first else {
            Issue.record("no channel was seized")
            return
        }
        #expect(fact.trunk == AgentBed.betaName)
        bed.receive(Cast.dialer.response(486, to: invite), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func theCarrierHangsUp() throws {
        let bed = AgentBed()
        Self.ring(bed, "in-1")
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(
            Cast.dialer.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.dialer)
        let answer = try bed.expect(AgentBed.alpha, "200 INVITE")
        bed.receive(Cast.alpha.request("ACK", after: answer, sequence: 1), from: AgentBed.alpha)
        bed.receive(Cast.alpha.request("BYE", after: answer, sequence: 2), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        _ = try bed.expect(AgentBed.dialer, "ACK")
        let bye = try bed.expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else { return }
        #expect(ended.endedBy == .remote)
        bed.expectQuiet()
    }

    /// No CANCEL, no BYE, nothing: the dialer would ring, and the channel be held, for ever.
    @Test(arguments: [([], 181, "480 INVITE"), (["Expires: 30"], 30, "487 INVITE")])
    func aCarrierThatVanishesWhileItRingsHoldsNoChannel(
        headers: [String], seconds: Int64, answer: String
    ) throws {
        let bed = AgentBed()
        bed.receive(
            Cast.alpha.invite("in-1", to: "12125550100", headers: headers), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(Cast.dialer.response(180, to: invite), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "180 INVITE")
        bed.run(for: .seconds(seconds - 1))
        #expect(bed.inUse == 1 && bed.take(AgentBed.dialer) == nil)
        bed.run(for: .seconds(1))
        let cancel = try bed.expect(AgentBed.dialer, "CANCEL")
        #expect(try bed.expect(AgentBed.alpha, answer).q850Cause == 19)
        bed.receive(Cast.dialer.response(200, to: cancel), from: AgentBed.dialer)
        bed.receive(Cast.dialer.response(487, to: invite), from: AgentBed.dialer)
        #expect(bed.inUse == 0)
    }

    @Test func aNumberThatIsNotOursIsUnknown() throws {
        let bed = AgentBed()
        Self.ring(bed, "in-1", to: "13105559999")
        #expect(try bed.expect(AgentBed.alpha, "404 INVITE").q850Cause == 1)
        #expect(bed.kinds == [.callStarted, .callEnded])
        bed.expectQuiet()
    }

    @Test func overTheInboundCapTheCarrierHears503() throws {
        let limits = ChannelLimits(total: 5, inbound: 1)
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, channels: limits)
            ]))
        Self.ring(bed, "in-1")
        Self.ring(bed, "in-2")
        let full = try bed.expect(AgentBed.alpha, "503 INVITE")
        #expect(full.q850Cause == 34 && full.text(.callID) == "in-2")
        guard case .channelRefused(let refused)? = bed.events(.channelRefused).first else {
            return
        }
        #expect(refused.reason == .capIn && refused.direction == .inbound)
        bed.receive(
            Cast.alpha.cancel("in-1", to: "12125550100"), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func theDialersRefusalGoesToTheCarrier() throws {
        let bed = AgentBed()
        Self.ring(bed, "in-1")
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(Cast.dialer.response(503, to: invite), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "503 INVITE")
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func aDialerThatIsDeadCostsTheCarrierTimerBOnly() throws {
        let bed = AgentBed()
        Self.ring(bed, "in-1")
        bed.run(for: .seconds(33))
        _ = try bed.expect(AgentBed.alpha, "408 INVITE")
        bed.expectQuiet()
    }
}
