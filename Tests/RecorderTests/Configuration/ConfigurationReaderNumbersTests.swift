import Foundation
import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

@Suite struct ConfigurationReaderNumbersTests {
    @Test func rulesAreUnderstood() throws {
        let trunk = try parsedTrunk(
            "number: {format: plain, strip: 1, prefix: \"9\", tech_prefix: \"1234#\"}, "
                + "caller_id: {format: e164, from: \"+12125550100\", p_asserted_identity: write, "
                + "remote_party_id: remove, diversion: remove, privacy: apply}")
        #expect(
            trunk.number
                == NumberRules(format: .plain, strip: 1, prefix: "9", techPrefix: "1234#"))
        #expect(
            trunk.caller
                == CallerRules(
                    format: .e164, sender: .fixed("+12125550100"), assertedIdentity: .write,
                    remoteParty: .remove, passesDiversion: false, privacy: .apply))
        let plain = try parsedTrunk("cps: 1")
        #expect(plain.number == NumberRules() && plain.caller == CallerRules())
    }

    @Test func aDialersHeadersAreUnderstood() throws {
        let text = sampleConfiguration.replacingOccurrences(
            of: "reference: from_display",
            with: "reference: from_display\n    caller_id: [p_asserted_identity, from]")
        #expect(
            try parse(text).agent.dialers.first?.callerSources == [.assertedIdentity, .from])
    }

    @Test(arguments: [
        (
            "number: {format: e614}",
            "format: 'e614' is none of its formats; did you mean 'e164'?"
        ),
        ("number: {strip: 99}", "strip: '99' is not a number from 0 to 20"),
        (
            "number: {prefix: x}",
            "prefix: 'x' cannot stand in front of a number; write digits, +, * or #"
        ),
        (
            "caller_id: {from: registered}",
            "from: this trunk does not register; write caller or a number"
        ),
        (
            "caller_id: {from: bob}",
            "from: 'bob' is no sender; write caller, registered or a number"
        ),
        (
            "caller_id: {privacy: hide}",
            "privacy: 'hide' is none of its ways; the ways are apply, pass, remove"
        ),
        (
            "caller_id: {diversion: write}",
            "diversion is the dialer's to write; write pass or remove"
        ),
        (
            "caller_id: {pai: write}",
            "unknown key 'pai' in caller_id; the keys of caller_id are diversion, format, from, "
                + "p_asserted_identity, privacy, remote_party_id"
        ),
    ])
    func contradictionsAreNamed(keys: String, problem: String) {
        #expect(trunkProblems(keys) == [problem])
    }
}
