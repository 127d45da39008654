import Testing
import TrunkEvents

@testable import SIPAgent

/// One trunk, several hosts (RFC 3263 section 4.3).
@Suite struct HopFailoverTests {
    private static let gateway1 = AgentBed.endpoint("127.0.0.11", 5070)
    private static let gateway2 = AgentBed.endpoint("127.0.0.12", 5070)

    private static let zone: Zone = {
        var zone = Zone()
        zone.srv(
            "_sip._udp.carrier.example", (10, 0, 5070, "gw1.example"),
            (20, 0, 5070, "gw2.example"))
        zone.host("gw1.example", "127.0.0.11")
        zone.host("gw2.example", "127.0.0.12")
        return zone
    }()

    private func configuration() -> AgentConfiguration {
        var alpha = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        alpha.server = .named(ServerName(host: "carrier.example", transport: .exactly(.udp)))
        alpha.domain = "carrier.example"
        alpha.sources = []
        alpha.matchesServers = true
        let beta = AgentBed.trunk(AgentBed.betaName, AgentBed.beta)
        return AgentBed.configuration(trunks: [alpha, beta])
    }

    private func bed(_ zone: Zone? = HopFailoverTests.zone) -> AgentBed {
        let bed = AgentBed(configuration())
        if let zone { bed.resolve(zone) }
        return bed
    }

    private func gateway(_ endpoint: Endpoint) -> Phone { Phone(endpoint, tag: "gw") }

    private func hops(_ bed: AgentBed) -> [Endpoint] {
        bed.events(.attemptSent).compactMap { event in
            guard case .attemptSent(let fact) = event else { return nil }
            return fact.remote
        }
    }

    private func refuse(_ bed: AgentBed, _ gateway: Endpoint, _ status: UInt16) throws {
        let invite = try bed.expect(gateway, "INVITE")
        bed.receive(self.gateway(gateway).response(status, to: invite), from: gateway)
    }

    @Test func theNextHostIsAskedWithinTheAttempt() throws {
        let bed = bed()
        bed.place("call-1")
        let first = try bed.expect(Self.gateway1, "INVITE")
        #expect(first.uri == "sip:+12125550199@carrier.example")
        bed.receive(gateway(Self.gateway1).response(503, to: first), from: Self.gateway1)
        _ = try bed.expect(Self.gateway1, "ACK")
        let second = try bed.expect(Self.gateway2, "INVITE")
        #expect(second.callID == first.callID && second.cseq.number == first.cseq.number)
        #expect(second.topVia.branch != first.topVia.branch)
        bed.receive(gateway(Self.gateway2).response(486, to: second), from: Self.gateway2)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        #expect(hops(bed) == [Self.gateway1, Self.gateway2])
        #expect(bed.events(.channelSeized).count == 1)
        bed.expectQuiet()
    }

    @Test func whenNoHostIsLeftTheNextTrunkTries() throws {
        let bed = bed()
        bed.place("call-1")
        try refuse(bed, Self.gateway1, 503)
        try refuse(bed, Self.gateway2, 503)
        let invite = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.beta.response(486, to: invite), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        #expect(bed.events(.attemptFailed).count == 2)
        bed.expectQuiet()
    }

    /// Another answer than 503 is not of the host but of what stands behind it.
    @Test(arguments: [500, 408, 404] as [UInt16])
    func otherAnswersStayWithTheTrunk(status: UInt16) throws {
        let bed = bed()
        bed.place("call-1")
        try refuse(bed, Self.gateway1, status)
        #expect(!bed.hasMail(Self.gateway2))
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
    }

    @Test func aSilentHostIsPassedOverAndAskedLastFromThenOn() throws {
        let bed = bed()
        bed.place("call-1")
        _ = try bed.expect(Self.gateway1, "INVITE")
        bed.run(for: Call.hopPatience)
        try refuse(bed, Self.gateway2, 486)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        bed.discardMail()
        bed.place("call-2")
        try refuse(bed, Self.gateway2, 486)
        #expect(!bed.hasMail(Self.gateway1))
        bed.run(for: FirstHops.failurePause)
        bed.discardMail()
        bed.place("call-3")
        try refuse(bed, Self.gateway1, 486)
        bed.expectQuiet()
    }

    /// RFC 3261 section 21.5.4: not one more call to that host until then, also after a restart,
    /// and the first one after it; the other host serves meanwhile.
    @Test(arguments: [false, true])
    func aHostRestsAsLongAsItAsks(isKilled: Bool) throws {
        let bed = bed()
        bed.place("call-1")
        let first = try bed.expect(Self.gateway1, "INVITE")
        let pause = gateway(Self.gateway1).response(503, to: first, headers: ["Retry-After: 90"])
        bed.receive(pause, from: Self.gateway1)
        try refuse(bed, Self.gateway2, 486)
        let rest = TrunkResting(trunk: AgentBed.alphaName, host: Self.gateway1, seconds: 90)
        #expect(bed.events(.trunkResting) == [.trunkResting(rest)])
        if isKilled {
            bed.crash(configuration(), downtime: .seconds(1))
            bed.resolve(Self.zone)
        }
        bed.run(for: .seconds(80))
        bed.discardMail()
        bed.place("call-2")
        try refuse(bed, Self.gateway2, 503)
        #expect(!bed.hasMail(Self.gateway1))
        bed.receive(Cast.dialer.cancel("call-2"), from: AgentBed.dialer)
        bed.run(for: .seconds(71))
        bed.discardMail()
        bed.place("call-3")
        try refuse(bed, Self.gateway1, 486)
    }

    /// The next host has addresses of the other family only: another listener, another Contact.
    @Test func aHostOfTheOtherFamilyIsAskedFromItsListener() throws {
        var zone = Self.zone
        zone.records[.addresses("gw2.example")] = .addresses([IPAddress("2001:db8::2")!])
        var six = configuration()
        let listener = Endpoint(address: IPAddress("2001:db8::1")!, port: 5064)
        six.listeners.append(listener)
        let bed = AgentBed(six)
        bed.resolve(zone)
        bed.place("call-1")
        try refuse(bed, Self.gateway1, 503)
        let gateway2 = Endpoint(address: IPAddress("2001:db8::2")!, port: 5070)
        let invite = try bed.expect(gateway2, "INVITE")
        #expect(invite.text(.contact) == "<sip:[2001:db8::1]:5064>")
        #expect(invite.text(.via)?.hasPrefix("SIP/2.0/UDP [2001:db8::1]:5064;") == true)
        #expect(bed.sent.last { $0.remote == gateway2 }?.local == listener)
        bed.receive(
            gateway(gateway2).response(486, to: invite), from: gateway2, on: listener)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        bed.expectQuiet()
    }

    @Test func aHostThatSaysTryingHasTheAttemptsTime() throws {
        let bed = bed()
        bed.place("call-1")
        let invite = try bed.expect(Self.gateway1, "INVITE")
        bed.receive(gateway(Self.gateway1).response(100, to: invite), from: Self.gateway1)
        bed.run(for: .seconds(5))
        #expect(!bed.hasMail(Self.gateway2))
        bed.run(for: .seconds(2))
        #expect(bed.hasMail(AgentBed.beta), "progress_timeout: the next trunk")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
    }

    /// The host that was given up answers after all: it is acknowledged and hung up.
    @Test func aLateAnswerOfAHostThatWasPassedOverIsHungUp() throws {
        let bed = bed()
        bed.place("call-1")
        let first = try bed.expect(Self.gateway1, "INVITE")
        bed.run(for: Call.hopPatience)
        bed.discardMail()
        let late = Phone(Self.gateway1, tag: "late")
        bed.receive(late.response(200, to: first, body: AgentBed.sdp), from: Self.gateway1)
        #expect(try bed.expect(Self.gateway1, "ACK").cseq.number == first.cseq.number)
        let bye = try bed.expect(Self.gateway1, "BYE")
        bed.receive(late.response(200, to: bye), from: Self.gateway1)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func untilItIsLocatedATrunkIsSkippedWithAReason() throws {
        let bed = bed(nil)
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.beta.response(486, to: invite), from: AgentBed.beta)
        let reasons = bed.events(.channelRefused).compactMap { event in
            guard case .channelRefused(let fact) = event else { return nil as RefusalReason? }
            return fact.reason
        }
        #expect(reasons == [.notLocated])
        #expect(bed.agent.status.trunks.first?.refusal == .notLocated)
        bed.resolve(Self.zone)
        bed.place("call-2")
        _ = try bed.expect(Self.gateway1, "INVITE")
        bed.receive(Cast.dialer.cancel("call-2"), from: AgentBed.dialer)
    }

    /// Who is a carrier and who a stranger follows DNS.
    @Test func inboundCallsComeFromWhereTheTrunkIsLocated() throws {
        let bed = bed()
        let gateway = Phone(AgentBed.endpoint("127.0.0.12", 5999), tag: "gw")
        bed.receive(gateway.invite("in-1", to: "+12125550100"), from: gateway.endpoint)
        _ = try bed.expect(AgentBed.dialer, "INVITE")
        var moved = Self.zone
        moved.host("gw2.example", "127.0.0.13")
        bed.run(for: .seconds(240))
        bed.resolve(moved)
        bed.run(for: .seconds(300))
        bed.resolve(moved)
        bed.discardMail()
        bed.receive(gateway.invite("in-2", to: "+12125550100"), from: gateway.endpoint)
        #expect(!bed.hasMail(AgentBed.dialer), "it is a stranger now")
        let other = Phone(AgentBed.endpoint("127.0.0.13", 5999), tag: "gw")
        bed.receive(other.invite("in-3", to: "+12125550100"), from: other.endpoint)
        _ = try bed.expect(AgentBed.dialer, "INVITE")
    }
}

extension AgentBed {
    /// Answers what the agent asks of DNS now, and what follows from the answers.
    func resolve(_ zone: Zone) {
        var questions: [DNSQuestion] = []
        perform { agent, now, output in agent.advance(to: now, into: &output) }
        repeat {
            questions = agent.takeQuestions()
            for question in questions {
                perform { agent, now, output in
                    _ = agent.receive(
                        zone.reply(to: question), to: question, at: now, into: &output)
                }
            }
        } while !questions.isEmpty
    }
}
