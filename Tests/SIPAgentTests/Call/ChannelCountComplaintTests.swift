import Testing
import TrunkEvents

@testable import SIPAgent

/// Users' complaints of counters that drift, held against ours. The issue that tells it stands
/// above each test.
@Suite struct ChannelCountComplaintTests {
    private static func one(_ channels: UInt32) -> AgentConfiguration {
        AgentBed.configuration(trunks: [
            AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, channels: .init(total: channels))
        ])
    }

    // opensips#2102, #3294, kamailio#1591: a load below zero became a huge number, and the
    // destination was never used again. kamailio PR#2353: a reload forgot the load.
    @Test func aCapBelowWhatIsInUseWrapsNothing() throws {
        let bed = AgentBed(Self.one(3))
        let calls = try ["call-1", "call-2", "call-3"].map { try bed.answeredCall($0) }
        bed.perform { agent, now, output in agent.reload(Self.one(1), at: now, into: &output) }
        #expect(bed.agent.status.trunks.map(\.inUse) == [3])
        for (index, call) in calls.enumerated() {
            bed.place("more-\(index)")
            _ = try bed.expect(AgentBed.dialer, "503 INVITE")
            try bed.hangUp(call)
            #expect(bed.agent.status.trunks.map(\.inUse) == [UInt32(2 - index)])
        }
        try bed.hangUp(try bed.answeredCall("call-4"))
        bed.expectQuiet()
    }

    // freeswitch#2389 with #2290, #2264 and #2619, opensips#3321, #3343, kamailio#545: calls that
    // were refused stayed in the tables, and their limits with them, until a restart.
    @Test(arguments: [400, 404, 408, 410, 480, 481, 484, 488, 500, 503, 600, 603, 606] as [UInt16])
    func everyRefusalFreesTheChannel(status: UInt16) throws {
        let bed = AgentBed(Self.one(1))
        for id in ["call-1", "call-2"] {
            bed.place(id)
            let invite = try bed.expect(AgentBed.alpha, "INVITE")
            bed.receive(Cast.alpha.response(status, to: invite), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "ACK")
            #expect(bed.inUse == 0)
            _ = try bed.expect(AgentBed.dialer, "\(status) INVITE")
        }
        bed.expectQuiet()
    }

    // siphon-sip PR#294: a reservation leaked on the paths that never dialled.
    @Test func whatNeverDialledHoldsNothing() throws {
        let bed = AgentBed(Self.one(2))
        bed.place("refused")
        bed.refuseConnection(AgentBed.alpha)
        #expect(bed.inUse == 0 && bed.events(.callEnded).count == 1)
        bed.discardMail()
        let many = (0..<247).map { "X-\($0): 1" }
        bed.receive(Cast.dialer.invite("large", headers: many), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "513 INVITE")
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func whoGivesUpWhileWaitingForATurnHoldsNothing() throws {
        var configuration = Self.one(2)
        configuration.trunks[0].callsPerSecond = CallRateLimit(
            callsPerSecond: 1, waitLimit: .seconds(5))
        let bed = AgentBed(configuration)
        bed.place("dials")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        bed.place("waits")
        bed.receive(Cast.dialer.cancel("waits"), from: AgentBed.dialer)
        #expect(bed.inUse == 0)
        bed.run(for: .seconds(6))
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK"])
        bed.expectQuiet()
    }

    // kamailio#2322: after a day the load stayed, though no dialog was left.
    @Test func aCallOfADayFreesItsChannel() throws {
        let bed = AgentBed(Self.one(1))
        let call = try bed.answeredCall()
        bed.run(for: .seconds(25 * 3_600))
        #expect(bed.inUse == 1 && bed.events(.callEnded).isEmpty)
        try bed.hangUp(call)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    // freeswitch#577: a hang-up was scheduled for each session, more and more of them piled up, and
    // sessions were refused below their maximum.
    @Test func theLimitOfACallEndsWithTheCall() throws {
        var configuration = Self.one(2)
        configuration.trunks[0].calls.maxDuration = .seconds(14_440)
        let bed = AgentBed(configuration)
        for number in 0..<50 {
            let call = try bed.answeredCall("call-\(number)")
            bed.run(for: .seconds(40))
            try bed.hangUp(call)
            bed.run(for: .seconds(40))
        }
        #expect(bed.agent.status.timers == 0)
        let calls = try ["last-1", "last-2"].map { try bed.answeredCall($0) }
        bed.run(for: .seconds(14_400))
        #expect(bed.inUse == calls.count, "those of before hang up nobody")
        bed.run(for: .seconds(41))
        for _ in calls {
            let bye = try bed.expect(AgentBed.alpha, "BYE")
            bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        }
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    // freeswitch#2431: the count of sessions was not what the wire had.
    @Test func aCopyOfAnInviteIsTheSameCall() throws {
        let bed = AgentBed()
        for _ in 0..<3 { bed.place("call-1") }
        #expect(bed.inUse == 1 && bed.events(.callStarted).count == 1)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    // ivozprovider PR#401: one limit counted both directions, and nobody knew what it meant.
    @Test func eachDirectionHasItsOwnLimit() throws {
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(
                    AgentBed.alphaName, AgentBed.alpha,
                    channels: .init(total: 3, inbound: 1, outbound: 1))
            ]))
        bed.place("call-1")
        bed.place("call-2")
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        bed.receive(Cast.alpha.invite("in-2", to: "12125550100"), from: AgentBed.alpha)
        #expect(bed.inUse == 2)
        let refusals = bed.events(.channelRefused).compactMap { event -> RefusalReason? in
            guard case .channelRefused(let fact) = event else { return nil }
            return fact.reason
        }
        #expect(refusals == [.capOut, .capIn])
        bed.expectQuiet()
    }
}
