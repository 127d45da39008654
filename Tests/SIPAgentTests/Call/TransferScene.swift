import Testing
import TrunkEvents

@testable import SIPAgent

/// A call between the dialer and alpha, of which the dialer wants to leave. The new callee is at
/// alpha, too: its dialog is told by its Call-ID.
final class TransferScene {
    static let callee = Octets("v=0\r\no=- 7 7 IN IP4 127.0.0.3\r\ns=callee\r\nt=0 0\r\n")
    static let stays = Octets("v=0\r\no=- 8 8 IN IP4 127.0.0.3\r\ns=stays\r\nt=0 0\r\n")
    static let configuration = AgentBed.configuration { $0.transfersHere = true }

    let bed: AgentBed
    /// Of an inbound call: what the dialer got, and what alpha got.
    let call: AnsweredCall
    private let isInbound: Bool

    init(
        isInbound: Bool = false, _ configuration: AgentConfiguration = TransferScene.configuration
    ) throws {
        bed = AgentBed(configuration)
        self.isInbound = isInbound
        guard isInbound else {
            call = try bed.answeredCall()
            return
        }
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(
            Cast.dialer.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "ACK")
        let answer = try bed.expect(AgentBed.alpha, "200 INVITE")
        bed.receive(Cast.alpha.request("ACK", after: answer, sequence: 1), from: AgentBed.alpha)
        call = AnsweredCall(invite: invite, answer: answer)
    }

    func expect(
        _ peer: Endpoint, _ what: String, _ location: SourceLocation = #_sourceLocation
    ) throws -> SIPMessage {
        try bed.expect(peer, what, location)
    }

    func sendRefer(to target: String, sequence: Int = 2) {
        let headers = ["Refer-To: \(target)"]
        bed.receive(
            isInbound
                ? Cast.dialer.request(
                    "REFER", within: call.invite, sequence: sequence, headers: headers)
                : Cast.dialer.request(
                    "REFER", after: call.answer, sequence: sequence, headers: headers),
            from: AgentBed.dialer)
    }

    /// Answers the INVITE that the new callee gets.
    func refer(_ location: SourceLocation = #_sourceLocation) throws -> SIPMessage {
        sendRefer(to: "<sip:2125550111@127.0.0.1:5062>")
        _ = try expect(AgentBed.dialer, "202 REFER", location)
        #expect(try notice() == "SIP/2.0 100 Trying", sourceLocation: location)
        return try expect(AgentBed.alpha, "INVITE", location)
    }

    /// What the dialer is told, which it confirms.
    func notice(_ location: SourceLocation = #_sourceLocation) throws -> String {
        let notify = try expect(AgentBed.dialer, "NOTIFY", location)
        bed.receive(Cast.dialer.response(200, to: notify), from: AgentBed.dialer)
        #expect(notify.text(.event) == "refer", sourceLocation: location)
        let text = String(decoding: notify.body, as: UTF8.self)
        #expect(text.hasSuffix("\r\n"), sourceLocation: location)
        return String(text.dropLast())
    }

    func answer(_ status: UInt16, to request: SIPMessage, body: Octets = .empty) {
        bed.receive(Cast.alpha.response(status, to: request, body: body), from: AgentBed.alpha)
    }

    /// The callee answers, and the side that stays takes its session.
    func connect(_ invite: SIPMessage) throws {
        answer(200, to: invite, body: Self.callee)
        let again = try expect(AgentBed.alpha, "INVITE")
        answer(200, to: again, body: Self.stays)
        for _ in 0..<2 { _ = try expect(AgentBed.alpha, "ACK") }
    }

    /// All of it; answers the callee's INVITE.
    func transfer() throws -> SIPMessage {
        let invite = try refer()
        try connect(invite)
        #expect(try notice() == "SIP/2.0 200 OK")
        let bye = try expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        return invite
    }

    /// Who got the one INVITE hangs up, who got the other hears it.
    func hangUp(
        _ invite: SIPMessage, andExpectByeOf other: SIPMessage, sequence: Int = 1
    ) throws {
        bed.receive(
            Cast.alpha.request("BYE", within: invite, sequence: sequence), from: AgentBed.alpha)
        _ = try expect(AgentBed.alpha, "200 BYE")
        let bye = try expect(AgentBed.alpha, "BYE")
        #expect(bye.callID.elementsEqual(other.callID))
        answer(200, to: bye)
        #expect(bed.inUse == 0)
    }

    /// The carrier's caller of an inbound call hangs up, and the new callee hears it.
    func hangUpByCaller() throws {
        bed.receive(
            Cast.alpha.request("BYE", after: call.answer, sequence: 2), from: AgentBed.alpha)
        _ = try expect(AgentBed.alpha, "200 BYE")
        answer(200, to: try expect(AgentBed.alpha, "BYE"))
    }

    /// Before an attended transfer the dialer calls the callee: that call, and what names it.
    func consult() throws -> (call: AnsweredCall, target: String) {
        let call = try bed.answeredCall("call-2")
        let tag = String(decoding: call.answer.to.tag ?? [], as: UTF8.self)
        let replaces = "call-2%3Bto-tag%3D\(tag)%3Bfrom-tag%3Ddialer-call-2"
        return (call, "<sip:2125550111@127.0.0.1:5062?Replaces=\(replaces)>")
    }

    /// How the calls ended: in the order of their beginning.
    var ends: [String] {
        let ends = bed.events(.callEnded).compactMap { event -> CallEnded? in
            if case .callEnded(let fact) = event { fact } else { nil }
        }
        return ends.sorted { $0.call < $1.call }.map { "\($0.endedBy) \($0.source)" }
    }
}
