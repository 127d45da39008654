import Testing
import TrunkEvents

@testable import SIPAgent

extension AgentBed {
    /// Of one trunk, which registers.
    static let registeringConfiguration = configuration(trunks: [
        trunk(alphaName, alpha, registration: CallChallengeTests.registration)
    ])

    /// Its trunk is registered; the registrar answered with these headers.
    static func registered(_ headers: [String] = ["Expires: 3600"]) throws -> AgentBed {
        let bed = AgentBed(registeringConfiguration)
        bed.runUntilMail(alpha)
        let register = try bed.expect(alpha, "REGISTER")
        bed.receive(Cast.alpha.response(200, to: register, headers: headers), from: alpha)
        return bed
    }
}
