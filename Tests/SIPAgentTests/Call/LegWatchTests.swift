import Testing
import TrunkEvents

@testable import SIPAgent

/// Calls whose end nobody told: asked about, and limited.
@Suite struct LegWatchTests {
    private static func bed(
        _ change: (inout CallSettings) -> Void, dialer: (inout CallSettings) -> Void = { _ in }
    ) -> AgentBed {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        change(&trunk.calls)
        return AgentBed(
            AgentBed.configuration(trunks: [trunk]) { dialer(&$0.calls) })
    }

    private static func end(_ bed: AgentBed) -> CallEnded? {
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else { return nil }
        return ended
    }

    @Test func aCarrierThatAnswersKeepsItsCall() throws {
        let bed = Self.bed { $0.probeInterval = .seconds(30) }
        let call = try bed.answeredCall()
        for _ in 0..<3 {
            bed.run(for: .seconds(30))
            let probe = try bed.expect(AgentBed.alpha, "OPTIONS")
            #expect(probe.to.tag?.elementsEqual(Array("alpha".utf8)) == true)
            // Whatever it says of OPTIONS, it knows the dialog.
            bed.receive(Cast.alpha.response(405, to: probe), from: AgentBed.alpha)
        }
        #expect(!bed.hasMail(AgentBed.dialer), "the dialer is not to be asked")
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    // freeswitch#1963, tfxc#30: a call stayed for hours after its parties had gone, and so did its
    // CDR. siphon-ai#324: the channel with it. ivozprovider#983: 10,800 s, the limit of a dialog,
    // where the carrier had 306 s.
    @Test func aCarrierThatLostTheCallFreesItsChannel() throws {
        let bed = Self.bed { $0.probeInterval = .seconds(30) }
        _ = try bed.answeredCall()
        bed.run(for: .seconds(30))
        let probe = try bed.expect(AgentBed.alpha, "OPTIONS")
        bed.receive(Cast.alpha.response(481, to: probe), from: AgentBed.alpha)
        #expect(Self.end(bed)?.source == .probe)
        guard case .callRecovered(let bounds)? = bed.events(.callRecovered).first else {
            Issue.record("nobody knows when it ended")
            return
        }
        #expect(bounds.endLowerBound.duration(to: bounds.endUpperBound) == .seconds(30))
        _ = try bed.expect(AgentBed.dialer, "BYE")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(481, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func aDialerThatFellSilentIsAskedTwice() throws {
        let bed = Self.bed({ _ in }, dialer: { $0.probeInterval = .seconds(60) })
        _ = try bed.answeredCall()
        bed.run(for: .seconds(60 + 32 + 31))
        #expect(Self.end(bed) == nil)
        bed.run(for: .seconds(2))
        #expect(Self.end(bed)?.source == .probe)
        #expect(bed.events(.callRecovered).isEmpty, "the carrier's leg ends with our BYE")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func whoeverSpeaksNeedsNotBeAsked() throws {
        let bed = Self.bed { $0.probeInterval = .seconds(30) }
        let call = try bed.answeredCall()
        bed.run(for: .seconds(20))
        bed.receive(
            Cast.alpha.request("OPTIONS", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 OPTIONS")
        bed.run(for: .seconds(29))
        #expect(!bed.hasMail(AgentBed.alpha))
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    // opensips#3259: the maximum duration could not end a call.
    @Test func theShorterOfTwoLimitsEndsTheCall() throws {
        let bed = Self.bed(
            { $0.maxDuration = .seconds(600) }, dialer: { $0.maxDuration = .seconds(300) })
        _ = try bed.answeredCall()
        bed.run(for: .seconds(299))
        #expect(Self.end(bed) == nil)
        bed.run(for: .seconds(2))
        #expect(Self.end(bed)?.source == .maxDuration && Self.end(bed)?.endedBy == .agent)
        _ = try bed.expect(AgentBed.dialer, "BYE")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    // kamailio#1182: limits were wrong after a restart.
    @Test func aRestartDoesNotLengthenACall() throws {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.calls.maxDuration = .seconds(300)
        let configuration = AgentBed.configuration(trunks: [trunk])
        let bed = AgentBed(configuration)
        _ = try bed.answeredCall()
        bed.run(for: .seconds(100))
        bed.crash(configuration, downtime: .seconds(100))
        bed.run(for: .seconds(4))
        for (peer, phone) in [(AgentBed.alpha, Cast.alpha), (AgentBed.dialer, Cast.dialer)] {
            bed.run(for: .seconds(1))
            let probe = try bed.expect(peer, "OPTIONS")
            bed.receive(phone.response(200, to: probe), from: peer)
        }
        bed.run(for: .seconds(93))
        #expect(Self.end(bed) == nil)
        bed.run(for: .seconds(2))
        #expect(Self.end(bed)?.source == .maxDuration)
        bed.discardMail()
        bed.expectQuiet()
    }
}
