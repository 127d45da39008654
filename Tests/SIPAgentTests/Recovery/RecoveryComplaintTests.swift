import Testing
import TrunkEvents

@testable import SIPAgent

/// Users' complaints of calls after a crash. The issue that tells it stands above each test.
@Suite struct RecoveryComplaintTests {
    // opensips#1342: the session description was lost at a restart.
    @Test func aRefreshAfterTheRestartOffersTheSameSession() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let call = try bed.answer(
            try bed.expect(AgentBed.alpha, "INVITE"),
            headers: ["Session-Expires: 600;refresher=uac", "Require: timer"])
        bed.run(for: .seconds(95))
        bed.crash(downtime: .seconds(1))
        bed.run(for: .seconds(10))
        var requests: [SIPMessage] = []
        while let message = bed.take(AgentBed.alpha) { requests.append(message) }
        let refresh = try #require(requests.first { $0.method == .invite })
        #expect(refresh.body.elementsEqual(call.invite.body))
        #expect(refresh.text(.sessionExpires) == "600;refresher=uac")
        bed.receive(
            Cast.alpha.response(
                200, to: refresh, headers: ["Session-Expires: 600;refresher=uac"],
                body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        bed.discardMail()
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "BYE")
        bed.expectQuiet()
    }

    // freeswitch#2400: calls over IPv6 were not recovered.
    @Test func aCallOverIPv6GoesOn() throws {
        let carrier = Phone(AgentBed.endpoint("2001:db8::3", 5070), tag: "alpha")
        let listener = AgentBed.endpoint("2001:db8::1", 5062)
        var trunk = AgentBed.trunk(AgentBed.alphaName, carrier.endpoint)
        trunk.domain = "[2001:db8::3]"
        var configuration = AgentBed.configuration(trunks: [trunk])
        configuration.listeners.append(listener)
        let bed = AgentBed(configuration)
        bed.place("call-1")
        let invite = try bed.expect(carrier.endpoint, "INVITE")
        #expect(invite.text(.contact)?.contains("[2001:db8::1]:5062") == true)
        bed.receive(
            carrier.response(200, to: invite, body: AgentBed.sdp), from: carrier.endpoint,
            on: listener)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.run(for: .seconds(95))
        bed.crash(configuration, downtime: .seconds(1))
        bed.receive(
            carrier.request("BYE", within: invite, sequence: 1), from: carrier.endpoint,
            on: listener)
        _ = try bed.expect(carrier.endpoint, "200 BYE")
        let bye = try bed.expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        #expect(bed.events(.channelReleased).count == 1)
        bed.expectQuiet()
    }

    // freeswitch#960: after a recovery one side's BYE did not reach the other.
    @Test(arguments: [true, false])
    func aByeReachesTheOtherSide(byCarrier: Bool) throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.run(for: .seconds(95))
        bed.crash(downtime: .seconds(1))
        if byCarrier { try bed.hangUpByCarrier(call) } else { try bed.hangUp(call) }
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }
}
