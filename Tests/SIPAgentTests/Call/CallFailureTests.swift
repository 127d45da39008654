import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallFailureTests {
    private func causes(_ bed: AgentBed) -> [AttemptFailure] {
        bed.events(.attemptFailed).compactMap { event in
            guard case .attemptFailed(let fact) = event else { return nil }
            return fact.cause
        }
    }

    private func refusals(_ bed: AgentBed) -> [RefusalReason] {
        bed.events(.channelRefused).compactMap { event in
            guard case .channelRefused(let fact) = event else { return nil }
            return fact.reason
        }
    }

    // vicistack.com "Carrier Trunk Full": carriers do not agree on one code.
    @Test func whatACarrierCallsFullGoesToTheNextTrunk() throws {
        var alpha = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        alpha.fullAnswers = [AnswerPattern(code: .code(603), words: "no more lines")]
        let beta = AgentBed.trunk(AgentBed.betaName, AgentBed.beta)
        let bed = AgentBed(AgentBed.configuration(trunks: [alpha, beta]))
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            AgentBed.reworded("No More Lines", Cast.alpha.response(603, to: first)),
            from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(
            AgentBed.reworded("Channel limit reached", Cast.beta.response(403, to: second)),
            from: AgentBed.beta)
        let refused = try bed.expect(AgentBed.dialer, "503 INVITE")
        #expect(refused.q850Cause == 34)
        #expect(causes(bed) == [.carrierFull, .carrierFull])
        bed.expectQuiet()
    }

    @Test func a603InOtherWordsIsTheCallees() throws {
        var alpha = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        alpha.fullAnswers = [AnswerPattern(code: .code(603), words: "no more lines")]
        let bed = AgentBed(AgentBed.configuration(trunks: [alpha]))
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(603, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "603 INVITE")
        #expect(causes(bed) == [.rejected])
        bed.expectQuiet()
    }

    // siphon-sip PR#69: Retry-After was ignored.
    @Test func aTrunkThatAskedForAPauseIsSkipped() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(503, to: first, headers: ["Retry-After: 20"]),
            from: AgentBed.alpha)
        try refuse(try bed.expect(AgentBed.beta, "INVITE"), bed)
        bed.place("call-2")
        try refuse(try bed.expect(AgentBed.beta, "INVITE"), bed)
        #expect(refusals(bed) == [.resting])
        bed.run(for: .seconds(20))
        bed.place("call-3")
        _ = try bed.expect(AgentBed.alpha, "ACK")
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.dialer.cancel("call-3"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    /// A restart is no reason to disobey, and none to be silent for longer.
    @Test func aPauseOutlivesTheProcess() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(503, to: first, headers: ["Retry-After: 30"]),
            from: AgentBed.alpha)
        try refuse(try bed.expect(AgentBed.beta, "INVITE"), bed)
        bed.crash(downtime: .seconds(5))
        bed.run(for: .seconds(24))
        bed.discardMail()
        bed.place("call-2")
        _ = try bed.expect(AgentBed.beta, "INVITE")
        #expect(refusals(bed).last == .resting)
        bed.receive(Cast.dialer.cancel("call-2"), from: AgentBed.dialer)
        bed.run(for: .seconds(2))
        bed.discardMail()
        bed.place("call-3")
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.dialer.cancel("call-3"), from: AgentBed.dialer)
    }

    private func refuse(_ invite: SIPMessage, _ bed: AgentBed) throws {
        bed.receive(Cast.beta.response(486, to: invite), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.beta, "ACK")
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
    }

    /// One trunk's pause is not ours: a dialer that obeys it would send us nothing at all.
    @Test func theDialerIsNotAskedForThePauseOfATrunk() throws {
        let bed = AgentBed(AgentBed.configuration(trunks: [
            AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        ]))
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(503, to: invite, headers: ["Retry-After: 7"]),
            from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.dialer, "503 INVITE").retryAfter == nil)
    }

    @Test func aTrunkThatIsFullOfCallsIsAlive() throws {
        var alpha = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        alpha.healthLimits = HealthLimits(callsDown: 2, callPause: .seconds(60))
        let bed = AgentBed(AgentBed.configuration(trunks: [alpha]))
        bed.place("call-0")
        let held = try bed.expect(AgentBed.alpha, "INVITE")
        for id in ["call-1", "call-2", "call-3"] {
            bed.place(id)
            let invite = try bed.expect(AgentBed.alpha, "INVITE")
            bed.receive(Cast.alpha.response(503, to: invite), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "ACK")
            _ = try bed.expect(AgentBed.dialer, "503 INVITE")
        }
        #expect(bed.events(.trunkUnreachable).isEmpty)
        bed.receive(Cast.alpha.response(486, to: held), from: AgentBed.alpha)
    }

    @Test func aTrunkWhoseCallsDieIsLeftAloneUntilOneGetsThrough() throws {
        var alpha = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        alpha.healthLimits = HealthLimits(callsDown: 2, callPause: .seconds(60))
        let bed = AgentBed(AgentBed.configuration(trunks: [alpha]))
        for id in ["call-1", "call-2"] {
            bed.place(id)
            let invite = try bed.expect(AgentBed.alpha, "INVITE")
            bed.receive(Cast.alpha.response(500, to: invite), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "ACK")
            _ = try bed.expect(AgentBed.dialer, "500 INVITE")
        }
        bed.place("call-3")
        #expect(try bed.expect(AgentBed.dialer, "503 INVITE").q850Cause == 38)
        #expect(bed.events(.trunkUnreachable).count == 1)
        bed.run(for: .seconds(60))
        bed.place("call-4")
        let trial = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: trial), from: AgentBed.alpha)
        #expect(bed.events(.trunkReachable).count == 1)
        bed.place("call-5")
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        for id in ["call-4", "call-5"] {
            bed.receive(Cast.dialer.cancel(id), from: AgentBed.dialer)
        }
        bed.expectQuiet()
    }
}

extension AgentBed {
    /// A response with another reason phrase.
    fileprivate static func reworded(_ phrase: String, _ response: [UInt8]) -> [UInt8] {
        let status = Array(response.prefix(12))
        let rest = response.drop { $0 != UInt8(ascii: "\r") }
        return status + Array(phrase.utf8) + rest
    }
}
