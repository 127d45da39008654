import Testing
import TrunkEvents

@testable import SIPAgent

/// The flows of RFC 5359 that reach a trunk, each named for its section. The services live at the
/// dialer or beyond the carrier; asserted is what either side gets, in order.
///
/// Attended transfer (section 2.5) is in `CallTransferTests`. Conferences (2.10, 2.11) are to a
/// trunk the re-INVITEs of 2.1. Instant messages (2.6) and subscriptions (2.17) are refused.
@Suite struct ServiceFlowTests {
    private static let hold = Octets(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.2\r\ns=-\r\nt=0 0\r\na=sendonly\r\n")

    /// The dialer offers another session, and alpha takes it.
    private static func reinvite(
        _ bed: AgentBed, _ call: AnsweredCall, _ sequence: Int, _ body: Octets
    ) throws {
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: sequence, body: body),
            from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(forwarded.body.elementsEqual(body.bytes))
        bed.receive(
            Cast.alpha.response(200, to: forwarded, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: sequence), from: AgentBed.dialer)
    }

    @Test("2.1 Call hold") func hold() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        try Self.reinvite(bed, call, 2, Self.hold)
        try Self.reinvite(bed, call, 3, AgentBed.sdp)
        try bed.hangUp(call, sequence: 4)
        #expect(
            bed.ladder(AgentBed.dialer) == [
                "100 INVITE", "200 INVITE", "100 INVITE", "200 INVITE", "100 INVITE",
                "200 INVITE", "200 BYE",
            ])
        #expect(
            bed.ladder(AgentBed.alpha)
                == ["INVITE", "ACK", "INVITE", "ACK", "INVITE", "ACK", "BYE"])
        bed.expectQuiet()
    }

    @Test("2.2 Consultation hold") func consultation() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall("call-1")
        try Self.reinvite(bed, call, 2, Self.hold)
        let other = try bed.answeredCall("call-2")
        #expect(bed.inUse == 2)
        try bed.hangUpByCarrier(other)
        #expect(bed.inUse == 1)
        try Self.reinvite(bed, call, 3, AgentBed.sdp)
        try bed.hangUpByCarrier(call)
        #expect(
            bed.ladder(AgentBed.alpha) == [
                "INVITE", "ACK", "INVITE", "ACK", "INVITE", "ACK", "200 BYE", "INVITE", "ACK",
                "200 BYE",
            ])
        bed.expectQuiet()
    }

    /// The music server's answer to the carrier's offer comes in the dialer's ACK.
    @Test("2.3 Music on hold") func musicOnHold() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(forwarded.body.isEmpty)
        bed.receive(
            Cast.alpha.response(200, to: forwarded, body: AgentBed.sdp), from: AgentBed.alpha)
        let offer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.receive(
            Cast.dialer.request("ACK", after: offer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.alpha, "ACK").body.elementsEqual(Self.hold.bytes))
        try bed.hangUpByCarrier(call)
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK", "INVITE", "ACK", "200 BYE"])
        bed.expectQuiet()
    }

    @Test("2.4 Transfer, unattended") func unattendedTransfer() throws {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.calls.passesTransfers = true
        let bed = AgentBed(AgentBed.configuration(trunks: [trunk]))
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request(
                "REFER", after: call.answer, sequence: 2,
                headers: ["Refer-To: <sip:2125550111@127.0.0.1:5062>"]), from: AgentBed.dialer)
        let refer = try bed.expect(AgentBed.alpha, "REFER")
        bed.receive(Cast.alpha.response(202, to: refer), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "202 REFER")
        for (sequence, state) in [(1, "active;expires=60"), (2, "terminated;reason=noresource")] {
            bed.receive(
                Cast.alpha.request(
                    "NOTIFY", within: call.invite, sequence: sequence,
                    headers: ["Event: refer", "Subscription-State: \(state)"],
                    body: "SIP/2.0 200 OK"), from: AgentBed.alpha)
            let notify = try bed.expect(AgentBed.dialer, "NOTIFY")
            #expect(notify.text(.subscriptionState) == state)
            bed.receive(Cast.dialer.response(200, to: notify), from: AgentBed.dialer)
            _ = try bed.expect(AgentBed.alpha, "200 NOTIFY")
        }
        try bed.hangUpByCarrier(call, sequence: 3)
        #expect(
            bed.ladder(AgentBed.dialer)
                == ["100 INVITE", "200 INVITE", "202 REFER", "NOTIFY", "NOTIFY", "BYE"])
        #expect(
            bed.ladder(AgentBed.alpha)
                == ["INVITE", "ACK", "REFER", "200 NOTIFY", "200 NOTIFY", "200 BYE"])
        bed.expectQuiet()
    }

    /// Call forwarding unconditional (2.7), busy (2.8) and no answer (2.9), by a proxy of the
    /// carrier: the dialer hears of it, and learns that another one rings.
    @Test(
        "2.7 to 2.9 Call forwarding",
        arguments: [[(181, "b"), (180, "b")], [(180, "a"), (181, "b"), (180, "b")]]
            as [[(status: UInt16, tag: String)]])
    func forwarding(signs: [(status: UInt16, tag: String)]) throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        var shown: [String: Set<[UInt8]>] = [:]
        for sign in signs {
            let heard = try bed.ring(invite, status: sign.status, tag: sign.tag)
            shown[sign.tag, default: []].insert(Array(heard.to.tag ?? []))
        }
        #expect(shown.values.allSatisfy { $0.count == 1 })
        #expect(Set(shown.values).count == shown.count)
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp, tag: "b"),
            from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(shown["b"]?.contains(Array(answer.to.tag ?? [])) == true)
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        let provisional = signs.map { "\($0.status) INVITE" }
        #expect(
            bed.ladder(AgentBed.dialer)
                == ["100 INVITE"] + provisional + ["200 INVITE", "200 BYE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK", "BYE"])
        bed.expectQuiet()
    }

    /// The carrier's proxy rings two places at once.
    @Test("2.12 Find-me") func findMe() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        try bed.ring(invite, tag: "a")
        try bed.ring(invite, tag: "alpha")
        try bed.hangUp(try bed.answer(invite))
        #expect(
            bed.ladder(AgentBed.dialer)
                == ["100 INVITE", "180 INVITE", "180 INVITE", "200 INVITE", "200 BYE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK", "BYE"])
        bed.expectQuiet()
    }

    @Test("2.13 Call management, incoming screening") func incomingScreening() throws {
        let bed = AgentBed()
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(Cast.dialer.response(403, to: invite), from: AgentBed.dialer)
        #expect(bed.ladder(AgentBed.alpha) == ["100 INVITE", "403 INVITE"])
        #expect(bed.ladder(AgentBed.dialer) == ["INVITE", "ACK"])
        bed.expectQuiet()
    }

    @Test("2.14 Call management, outgoing screening") func outgoingScreening() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(403, to: invite), from: AgentBed.alpha)
        #expect(bed.ladder(AgentBed.dialer) == ["100 INVITE", "403 INVITE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK"])
        #expect(bed.ladder(AgentBed.beta).isEmpty, "it is the number that is barred")
        bed.expectQuiet()
    }

    /// Call park (2.15) and pickup (2.16) replace a dialog of the dialer's own.
    @Test("2.15 and 2.16 Call park and pickup") func pickup() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.invite(
                "call-1", headers: ["Require: replaces", "Replaces: x;to-tag=y;from-tag=z"]),
            from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.dialer, "420 INVITE").text(.unsupported) == "replaces")
        #expect(bed.ladder(AgentBed.alpha).isEmpty)
        bed.expectQuiet()
    }

    @Test("2.18 Click to dial") func clickToDial() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.request(
                "REFER", uri: "sip:127.0.0.1:5062", branch: "z9hG4bK-1", to: "<sip:pbx1>",
                callID: "r-1", sequence: 1, from: "<sip:x@y>;tag=1",
                headers: ["Refer-To: <sip:2125550111@127.0.0.1>"], body: .empty),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "405 REFER")
        #expect(bed.ladder(AgentBed.alpha).isEmpty)
        bed.expectQuiet()
    }
}
