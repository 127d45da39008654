import SIPAgent
import TestSupport
import Testing
import TrunkEvents

@testable import Recorder

/// No password is ever printed: neither by what was understood of a configuration nor by what is
/// said of a broken one.
@Suite struct SecretsOutOfSightTests {
    private static let secrets = ["dialersS3cret", "trunksS3cret"]

    private static let text = """
        node: a
        ledger: b
        listen: [udp://127.0.0.1:5062]
        dialers:
          - name: vicidial
            match: [127.0.0.2]
            auth: pbx:dialersS3cret
            contact: sip:127.0.0.2:5060
        carriers:
          - name: alpha
            trunks:
              - name: alpha-1
                register: 2125550100:trunksS3cret@127.0.0.3:5070
                channels: 10
        routes:
          - prefix: "+1"
            trunks: [alpha-1]

        """

    private func expectNone(in printed: String, _ what: String) {
        for secret in Self.secrets {
            #expect(!printed.contains(secret), "\(what): \(printed)")
        }
    }

    @Test func whatWasUnderstoodHidesThem() throws {
        let configuration = try parse(Self.text)
        let dialer = try #require(configuration.agent.dialers.first?.credentials)
        #expect(Self.secrets.contains(dialer.password.description))
        var dumped = ""
        dump(configuration, to: &dumped)
        expectNone(in: dumped, "dump")
        expectNone(in: "\(configuration)", "description")
        expectNone(in: String(reflecting: configuration), "debug description")
    }

    /// One character less, one more or another one, anywhere but in a secret.
    @Test func whatIsSaidOfMistakesHidesThem() {
        let seed = Seed(for: "whatIsSaidOfMistakesHidesThem")
        var random = seed.generator()
        let letters = Array(" \t:-[]{}\"'#&*!|>%@`,ax0\n")
        var complaints = 0
        for _ in 0..<3_000 {
            var text = Array(Self.text)
            let place = Int.random(in: 0..<text.count, using: &random)
            let letter = letters[Int.random(in: 0..<letters.count, using: &random)]
            switch Int.random(in: 0..<3, using: &random) {
            case 0: text.remove(at: place)
            case 1: text.insert(letter, at: place)
            default: text[place] = letter
            }
            let spoiled = String(text)
            guard Self.secrets.allSatisfy(spoiled.contains) else { continue }
            let problems = configurationProblems(spoiled)
            if !problems.isEmpty { complaints += 1 }
            expectNone(in: problems.joined(separator: "\n"), "\(seed)")
        }
        #expect(complaints > 500, "\(seed)")
    }
}
