import Foundation
import TestSupport
import Testing

/// `checkpoint`, `prove` and `verify` with what others keep: checkpoints, keys, proof files.
@Suite(.timeLimit(.minutes(1))) struct ProofsTests {
    /// A ledger without an agent, and files beside it.
    private struct Bench {
        let scope: ProcessScope
        var ledger: String { "\(scope.directory)/ledger" }
        var key: String { "\(ledger)/key.pub" }

        func run(_ arguments: [String]) async throws -> Outcome {
            try await scope.run(
                Places.trunkledger, arguments, environment: ["TRUNKLEDGER_LEDGER": ""])
        }

        func ask(_ arguments: [String]) async throws -> Outcome {
            try await run(arguments + ["--ledger", ledger])
        }

        /// What a command prints, in a file.
        func keep(_ arguments: [String], as name: String) async throws -> String {
            let outcome = try await ask(arguments)
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            return try scope.write(outcome.output, to: name)
        }

        func json(_ arguments: [String]) async throws -> JSONValue {
            try JSONValue(parsing: try await run(arguments + ["--format", "json"]).output)
        }
    }

    private func withBench(_ check: (Bench) async throws -> Void) async throws {
        try await withProcesses { scope in
            let bench = Bench(scope: scope)
            try await SampleLedger.write(to: bench.ledger)
            try await check(bench)
        }
    }

    private static let count = SampleLedger.all.count

    @Test func aCheckpointIsMadeShownAndHeldAgainstTheEvents() async throws {
        try await withBench { bench in
            let none = try await bench.ask(["checkpoint", "--newest"])
            #expect(none.status == .exited(69))
            #expect(none.errorOutput.hasSuffix("make one with 'trunkledger checkpoint'\n"))
            let made = try await bench.ask(["checkpoint"])
            #expect(made.succeeded, "\(made.errorOutput)")
            let shown = try await bench.ask(["checkpoint", "--newest"])
            #expect(shown.output == made.output)
            let lines = made.output.split(separator: "\n").map(String.init)
            #expect(lines[1] == "\(Self.count)")
            let report = try await bench.json(["verify", "--ledger", bench.ledger])
            #expect(report["root"]?.string == lines[2])
            #expect(report["checkpoints"]?.int == 1)
            #expect(report["start"]?.int == 0)
        }
    }

    @Test func verificationMayBeginBehindTheNewestCheckpoint() async throws {
        try await withBench { bench in
            _ = try await bench.keep(["checkpoint"], as: "old")
            try await SampleLedger.write(to: bench.ledger)
            let report = try await bench.json(
                ["verify", "--since-checkpoint", "--ledger", bench.ledger])
            #expect(report["sound"] == .truth(true))
            #expect(report["start"]?.int == Self.count)
            #expect(report["events"]?.int == Self.count)
        }
    }

    @Test(arguments: ["4", "pbx1-4"])
    func aProvedEventIsCheckedWithoutTheLedger(event: String) async throws {
        try await withBench { bench in
            _ = try await bench.keep(["checkpoint"], as: "head")
            let proof = try await bench.keep(["prove", event], as: "proof")
            let found = try await bench.json(["verify", "--proof", proof, "--key", bench.key])
            #expect(found["sound"] == .truth(true))
            #expect(found["position"]?.int == 4)
            #expect(found["kind"]?.string == "callStarted")
            #expect(found["fields"]?["a_e164"]?.string == "+12125550100")
            #expect(found["size"]?.int == Self.count)
        }
    }

    @Test func aProofOfSomethingElseIsRefused() async throws {
        try await withBench { bench in
            _ = try await bench.keep(["checkpoint"], as: "head")
            let proof = try await bench.keep(["prove", "4"], as: "proof")
            let text = try String(contentsOfFile: proof, encoding: .utf8)
            let moved = try bench.scope.write(
                text.replacingOccurrences(of: "index 3\n", with: "index 4\n"), to: "moved")
            let refused = try await bench.run(["verify", "--proof", moved, "--key", bench.key])
            #expect(refused.status == .exited(1))
            #expect(refused.output.hasPrefix("NOT proved: event 5"))
            let resized = try bench.scope.write(
                text.replacingOccurrences(of: "\n\(Self.count)\n", with: "\n99\n"), to: "resized")
            let forged = try await bench.run(["verify", "--proof", resized, "--key", bench.key])
            #expect(forged.status == .exited(1))
            #expect(forged.output.contains("forged signature"))
            let nothing = try await bench.run(["verify", "--proof", bench.key, "--key", bench.key])
            #expect(nothing.status == .exited(65))
            let keyless = try await bench.run(["verify", "--proof", proof])
            #expect(keyless.status == .exited(64))
        }
    }

    @Test func aKeptCheckpointIsProvedToBeContinued() async throws {
        try await withBench { bench in
            let old = try await bench.keep(["checkpoint"], as: "old")
            try await SampleLedger.write(to: bench.ledger)
            _ = try await bench.keep(["checkpoint"], as: "new")
            let proof = try await bench.keep(["prove", "--since", old], as: "proof")
            let arguments = ["verify", "--proof", proof, "--key", bench.key]
            let found = try await bench.json(arguments + ["--against", old])
            #expect(found["sound"] == .truth(true))
            #expect(found["old_size"]?.int == Self.count)
            #expect(found["size"]?.int == 2 * Self.count)
            #expect(try await bench.run(arguments).status == .exited(64))
            let kept = try await bench.ask(["verify", "--against", old, "--key", bench.key])
            #expect(kept.succeeded, "\(kept.output)\(kept.errorOutput)")
        }
    }

    @Test func aLogThatWasMadeAnewContradictsAKeptCheckpoint() async throws {
        try await withBench { bench in
            let old = try await bench.keep(["checkpoint"], as: "old")
            try FileManager.default.removeItem(atPath: bench.ledger)
            try await SampleLedger.write(to: bench.ledger)
            let found = try await bench.ask(["verify", "--against", old])
            #expect(found.status == .exited(1))
            #expect(found.output.contains("NOT sound"))
            let other = try await bench.ask(["prove", "--since", old])
            #expect(other.status == .exited(65))
        }
    }

    @Test func whatCannotBeProvedSaysWhatToDo() async throws {
        try await withBench { bench in
            let early = try await bench.ask(["prove", "4"])
            #expect(early.status == .exited(69))
            #expect(early.errorOutput.hasSuffix("make one with 'trunkledger checkpoint'\n"))
            #expect(try await bench.ask(["prove", "999"]).status == .exited(65))
            #expect(try await bench.ask(["prove", "soon"]).status == .exited(64))
            #expect(try await bench.ask(["prove"]).status == .exited(64))
        }
    }
}
