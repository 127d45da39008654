import Testing
import TrunkEvents

@testable import SIPAgent

/// The usual actors.
enum Cast {
    static let dialer = Phone(AgentBed.dialer, tag: "dialer")
    static let alpha = Phone(AgentBed.alpha, tag: "alpha")
    static let beta = Phone(AgentBed.beta, tag: "beta")
}

/// An outbound call that both sides have confirmed.
struct AnsweredCall {
    /// What alpha got.
    let invite: SIPMessage
    /// What the dialer got.
    let answer: SIPMessage
}

extension AgentBed {
    func place(_ callID: String, body: Octets = AgentBed.sdp) {
        receive(Cast.dialer.invite(callID, body: body), from: Self.dialer)
    }

    func answeredCall(_ callID: String = "call-1") throws -> AnsweredCall {
        place(callID)
        return try answer(try expect(Self.alpha, "INVITE"))
    }

    /// Alpha answers, and the dialer confirms.
    func answer(_ invite: SIPMessage, headers: [String] = []) throws -> AnsweredCall {
        receive(
            Cast.alpha.response(200, to: invite, headers: headers, body: Self.sdp),
            from: Self.alpha)
        _ = try expect(Self.alpha, "ACK")
        let answer = try expect(Self.dialer, "200 INVITE")
        receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: Self.dialer)
        return AnsweredCall(invite: invite, answer: answer)
    }

    /// Alpha rings, and the dialer hears it.
    @discardableResult
    func ring(_ invite: SIPMessage, status: UInt16 = 180, tag: String? = nil) throws -> SIPMessage {
        receive(Cast.alpha.response(status, to: invite, tag: tag), from: Self.alpha)
        return try expect(Self.dialer, "\(status) INVITE")
    }

    /// The dialer hangs up, and alpha confirms.
    func hangUp(_ call: AnsweredCall, sequence: Int = 2) throws {
        receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: sequence), from: Self.dialer)
        _ = try expect(Self.dialer, "200 BYE")
        let bye = try expect(Self.alpha, "BYE")
        receive(Cast.alpha.response(200, to: bye), from: Self.alpha)
    }

    /// Alpha hangs up, and the dialer confirms.
    func hangUpByCarrier(_ call: AnsweredCall, sequence: Int = 1) throws {
        receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: sequence), from: Self.alpha)
        _ = try expect(Self.alpha, "200 BYE")
        let bye = try expect(Self.dialer, "BYE")
        receive(Cast.dialer.response(200, to: bye), from: Self.dialer)
    }
}
