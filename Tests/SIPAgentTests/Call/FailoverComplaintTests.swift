import Testing
import TrunkEvents

@testable import SIPAgent

/// Users' complaints of failover. The issue that tells it stands above each test.
@Suite struct FailoverComplaintTests {
    // pjproject#4477: no failover on 408. VICIdial's users: none on 503 either.
    @Test(arguments: [408, 500, 502, 503, 504] as [UInt16])
    func aTrunkThatFailsIsFollowedByTheNextAtOnce(status: UInt16) throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(status, to: first), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.beta, "INVITE")
        #expect(bed.ladder(AgentBed.dialer) == ["100 INVITE"])
        bed.receive(Cast.beta.response(486, to: second), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        bed.expectQuiet()
    }

    // kamailio#2297, #800: a gateway whose limit was 0 emptied the list for the others.
    @Test func aTrunkWithoutChannelsLeavesTheOthers() throws {
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, channels: .init(total: 0)),
                AgentBed.trunk(AgentBed.betaName, AgentBed.beta),
            ]))
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.beta, "INVITE")
        #expect(bed.ladder(AgentBed.alpha).isEmpty)
        bed.receive(Cast.beta.response(486, to: invite), from: AgentBed.beta)
        bed.expectQuiet()
    }

    // GS5#320: the time until the next trunk tries was that of ringing.
    @Test func ringingIsWaitedForLongerThanSilence() throws {
        let bed = AgentBed()
        bed.place("call-1")
        try bed.ring(try bed.expect(AgentBed.alpha, "INVITE"))
        bed.run(for: .seconds(55))
        #expect(bed.ladder(AgentBed.beta).isEmpty)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.discardMail()
        bed.expectQuiet()
    }
}
