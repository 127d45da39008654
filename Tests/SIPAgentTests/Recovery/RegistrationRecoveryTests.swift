import Testing
import TrunkEvents

@testable import SIPAgent

/// A registrar does not know that its client was killed: the binding is in force until it expires.
@Suite struct RegistrationRecoveryTests {
    private func refuse(_ invite: SIPMessage, _ bed: AgentBed) throws {
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
    }

    @Test func callsGoOnWhileTheRegistrarIsSilent() throws {
        let bed = try AgentBed.registered(["Expires: 300"])
        bed.crash(AgentBed.registeringConfiguration, downtime: .seconds(10))
        bed.discardMail()
        bed.place("call-1")
        try refuse(try bed.expect(AgentBed.alpha, "INVITE"), bed)
        bed.run(for: .seconds(200))
        bed.discardMail()
        bed.place("call-2")
        try refuse(try bed.expect(AgentBed.alpha, "INVITE"), bed)
        bed.run(for: .seconds(100))
        bed.discardMail()
        bed.place("call-3")
        #expect(try bed.expect(AgentBed.dialer, "503 INVITE").q850Cause == 38)
        #expect(bed.events(.registrationExpired).count == 1)
    }

    @Test func theBindingIsRefreshedAtOnce() throws {
        let bed = try AgentBed.registered(["Expires: 300"])
        bed.crash(AgentBed.registeringConfiguration, downtime: .seconds(10))
        bed.run(for: .seconds(1))
        let refresh = try bed.expect(AgentBed.alpha, "REGISTER")
        #expect(refresh.expires != 0)
    }

    @Test func aBindingThatExpiredMeanwhileIsNone() throws {
        let bed = try AgentBed.registered(["Expires: 300"])
        bed.crash(AgentBed.registeringConfiguration, downtime: .seconds(300))
        bed.discardMail()
        bed.place("call-1")
        #expect(try bed.expect(AgentBed.dialer, "503 INVITE").q850Cause == 38)
    }
}
