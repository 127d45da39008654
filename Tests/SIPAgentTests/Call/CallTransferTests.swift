import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallTransferTests {
    private static func bed() -> AgentBed {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.calls.passesTransfers = true
        return AgentBed(AgentBed.configuration(trunks: [trunk]))
    }

    private static func refer(_ call: AnsweredCall, to target: String, _ sequence: Int) -> [UInt8] {
        Cast.dialer.request(
            "REFER", after: call.answer, sequence: sequence,
            headers: ["Refer-To: \(target)", "Referred-By: <sip:agent@127.0.0.2>"])
    }

    // RFC 5359 section 2.4, with the carrier as transferee.
    @Test func aBlindTransferPassesWithTheCarriersNumber() throws {
        let bed = Self.bed()
        let call = try bed.answeredCall()
        bed.receive(
            Self.refer(call, to: "<sip:2125550111@127.0.0.1:5062>", 2), from: AgentBed.dialer)
        let refer = try bed.expect(AgentBed.alpha, "REFER")
        #expect(refer.text(.referTo) == "<sip:+12125550111@127.0.0.3>")
        #expect(refer.first(.referredBy) == nil && refer.contact != nil)
        bed.receive(Cast.alpha.response(202, to: refer), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "202 REFER")
        let state = Octets("SIP/2.0 200 OK")
        bed.receive(
            Cast.alpha.request(
                "NOTIFY", within: call.invite, sequence: 1,
                headers: ["Event: refer", "Subscription-State: terminated;reason=noresource"],
                body: state), from: AgentBed.alpha)
        let notify = try bed.expect(AgentBed.dialer, "NOTIFY")
        #expect(notify.body.elementsEqual(state.bytes) && notify.text(.event) == "refer")
        #expect(notify.text(.subscriptionState) == "terminated;reason=noresource")
        bed.receive(Cast.dialer.response(200, to: notify), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "200 NOTIFY")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    // RFC 5359 section 2.5, with the carrier as transferee and as target.
    @Test func anAttendedTransferNamesTheCarriersDialog() throws {
        let bed = Self.bed()
        let call = try bed.answeredCall("call-1")
        let other = try bed.answeredCall("call-2")
        let text = { (bytes: Bytes?) in String(decoding: bytes ?? [], as: UTF8.self) }
        let replaces =
            "call-2%3Bto-tag%3D\(text(other.answer.to.tag))%3Bfrom-tag%3Ddialer-call-2"
        bed.receive(
            Self.refer(call, to: "<sip:2125550199@127.0.0.1:5062?Replaces=\(replaces)>", 2),
            from: AgentBed.dialer)
        let refer = try bed.expect(AgentBed.alpha, "REFER")
        #expect(refer.callID.elementsEqual(call.invite.callID))
        let uri = try #require(refer.first(.referTo).flatMap(NameAddress.init)?.uri)
        #expect(
            ReplacedDialog(inHeadersOf: uri)
                == ReplacedDialog(
                    callID: Array(other.invite.callID), toTag: Array("alpha".utf8),
                    fromTag: Array(other.invite.from.tag ?? [])))
        bed.receive(Cast.alpha.response(202, to: refer), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "202 REFER")
        for (call, sequence) in [(call, 3), (other, 2)] {
            bed.receive(
                Cast.dialer.request("BYE", after: call.answer, sequence: sequence),
                from: AgentBed.dialer)
        }
        bed.expectQuiet()
    }

    @Test func anAttendedTransferOfNothingThatTheCarrierHasIsDeclined() throws {
        let bed = Self.bed()
        let call = try bed.answeredCall()
        bed.receive(
            Self.refer(
                call, to: "<sip:2125550111@127.0.0.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>", 2),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "603 REFER")
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.receive(
            Cast.dialer.request("REFER", after: call.answer, sequence: 3), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "400 REFER")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 4), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func whatIsNotConfiguredIsNotAllowed() throws {
        let bed = Self.bed()
        let call = try bed.answeredCall()
        // The dialer takes none.
        bed.receive(
            Cast.alpha.request(
                "REFER", within: call.invite, sequence: 1,
                headers: ["Refer-To: <sip:2125550111@127.0.0.1>"]), from: AgentBed.alpha)
        let refusal = try bed.expect(AgentBed.alpha, "405 REFER")
        #expect(refusal.text(.allow)?.contains("INVITE") == true)
        bed.receive(
            Cast.dialer.request(
                "NOTIFY", after: call.answer, sequence: 2, headers: ["Event: refer"]),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "405 NOTIFY")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
