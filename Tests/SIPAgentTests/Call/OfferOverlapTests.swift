import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3261 section 14.2 and RFC 3311 section 5.2: one offer at a time.
@Suite struct OfferOverlapTests {
    private static func offer(
        _ method: String, of call: AnsweredCall, byDialer: Bool, sequence: Int
    ) -> [UInt8] {
        byDialer
            ? Cast.dialer.request(
                method, after: call.answer, sequence: sequence, body: AgentBed.sdp)
            : Cast.alpha.request(
                method, within: call.invite, sequence: sequence, body: AgentBed.sdp)
    }

    @Test(arguments: ["INVITE", "UPDATE"], ["INVITE", "UPDATE"])
    func aSecondOfferOfTheSameSideIsToBeTriedLater(first: String, second: String) throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Self.offer(first, of: call, byDialer: true, sequence: 2), from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, first)
        bed.receive(
            Self.offer(second, of: call, byDialer: true, sequence: 3), from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.dialer, "500 \(second)").retryAfter != nil)
        bed.receive(Cast.alpha.response(488, to: forwarded), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "488 \(first)")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 4), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test(arguments: ["INVITE", "UPDATE"], ["INVITE", "UPDATE"])
    func offersThatMeetAreBothToBeTriedAgain(first: String, second: String) throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Self.offer(first, of: call, byDialer: true, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, first)
        bed.receive(
            Self.offer(second, of: call, byDialer: false, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "491 \(second)")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func anUpdateWithoutAnOfferMeetsNothing() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Self.offer("INVITE", of: call, byDialer: true, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.request("UPDATE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "UPDATE")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
