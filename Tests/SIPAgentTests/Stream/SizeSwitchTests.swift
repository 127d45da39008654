import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3261 section 18.1.1: more than 1,300 bytes go over a stream, where one is to be had.
@Suite struct SizeSwitchTests {
    private static let listener = Endpoint(
        transport: .tcp, address: AgentBed.agentAddress.address, port: 5064)
    private static let alphaStream = Endpoint(
        transport: .tcp, address: AgentBed.alpha.address, port: AgentBed.alpha.port)
    private static let largeBody = Octets([UInt8](repeating: 97, count: 1_200))

    private func bed(streams: Bool = true) -> AgentBed {
        var configuration = AgentBed.configuration()
        if streams { configuration.listeners.append(Self.listener) }
        return AgentBed(configuration)
    }

    // pjproject#5075: what was too large went as a datagram all the same.
    @Test func aLargeInviteTakesAStreamAndItsAnswersComeBackOnIt() throws {
        let bed = bed()
        bed.place("call-1", body: Self.largeBody)
        let invite = try bed.expect(Self.alphaStream, "INVITE")
        #expect(invite.text(.via)?.hasPrefix("SIP/2.0/TCP 127.0.0.1:5064;branch=z9") == true)
        #expect(bed.sent.last { $0.remote == Self.alphaStream }?.gate == .durable)
        bed.receive(
            Cast.alpha.response(486, to: invite), from: Self.alphaStream, on: Self.listener)
        let ack = try bed.expect(Self.alphaStream, "ACK")
        #expect(ack.topVia.text.elementsEqual(invite.topVia.text))
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        bed.expectQuiet()
    }

    @Test func withoutAConnectionItGoesAsADatagram() throws {
        let bed = bed()
        bed.place("call-1", body: Self.largeBody)
        _ = try bed.expect(Self.alphaStream, "INVITE")
        bed.refuseConnection(Self.alphaStream)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.text(.via)?.hasPrefix("SIP/2.0/UDP 127.0.0.1:5062;branch=z9") == true)
        bed.run(for: .milliseconds(600))
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        // A peer that takes no connections is not asked each time.
        bed.place("call-2", body: Self.largeBody)
        bed.discardMail()
        #expect(bed.sent.last?.remote == AgentBed.alpha)
        bed.receive(Cast.dialer.cancel("call-2"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func smallRequestsAndAgentsWithoutStreamsUseDatagrams() throws {
        let small = bed()
        small.place("call-1")
        _ = try small.expect(AgentBed.alpha, "INVITE")
        let plain = bed(streams: false)
        plain.place("call-1", body: Self.largeBody)
        _ = try plain.expect(AgentBed.alpha, "INVITE")
    }

    @Test func refusalsAreForgottenInTime() {
        var refusals = StreamRefusals()
        let start = MonotonicInstant(nanoseconds: 0)
        refusals.note(Self.alphaStream, at: start)
        #expect(refusals.holds(AgentBed.alpha, at: start.advanced(by: .seconds(599))))
        #expect(!refusals.holds(AgentBed.alpha, at: start.advanced(by: .seconds(600))))
        #expect(!refusals.holds(AgentBed.beta, at: start))
    }
}
