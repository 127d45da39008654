import Foundation
import TestSupport
import Testing

/// `backup`, `restore`, `compact` and `ledger stat|export|import`.
@Suite(.timeLimit(.minutes(1))) struct KeepingTests {
    /// A ledger without an agent, and directories beside it.
    private struct Bench {
        let scope: ProcessScope
        var ledger: String { path("ledger") }

        func path(_ name: String) -> String { "\(scope.directory)/\(name)" }

        func run(_ arguments: [String]) async throws -> Outcome {
            try await scope.run(
                Places.trunkledger, arguments, environment: ["TRUNKLEDGER_LEDGER": ledger])
        }

        func json(_ arguments: [String]) async throws -> JSONValue {
            let outcome = try await run(arguments + ["--format", "json"])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            return try JSONValue(parsing: outcome.output)
        }

        /// What the ledger in `directory` answers.
        func events(_ directory: String) async throws -> String {
            try await run(["events", "--format", "ndjson", "--ledger", directory]).output
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

    @Test func aBackupIsALedgerAndIsRestored() async throws {
        try await withBench { bench in
            let backup = bench.path("backup")
            let first = try await bench.json(["backup", backup])
            #expect(first["head_position"]?.int == Self.count)
            #expect(first["copied_frames"]?.int == Self.count)
            #expect(try await bench.json(["backup", backup])["copied_frames"]?.int == 0)
            let events = try await bench.events(bench.ledger)
            #expect(try await bench.events(backup) == events)
            let verified = try await bench.run(["verify", "--ledger", backup])
            #expect(verified.succeeded, "\(verified.output)")
            let restored = try await bench.json(["restore", backup, "--to", bench.path("again")])
            #expect(restored["head_link"]?.string == first["head_link"]?.string)
            #expect(restored["origin"]?.string?.hasPrefix("trunkledger/") == true)
            #expect(try await bench.events(bench.path("again")) == events)
            let signed = try await bench.run(["checkpoint", "--ledger", bench.path("again")])
            #expect(
                signed.output.split(separator: "\n").first.map(String.init)
                    == restored["origin"]?.string)
        }
    }

    @Test func aLedgerIsRestoredToAPositionOrAnInstant() async throws {
        try await withBench { bench in
            let place = ["restore", bench.ledger, "--to"]
            let some = try await bench.json(place + [bench.path("some"), "--position", "5"])
            #expect(some["head_position"]?.int == 5)
            // A second after the sample's start.
            let then = try await bench.json(
                place + [bench.path("then"), "--at", "2026-11-22T14:00:01Z"])
            #expect(then["head_position"]?.int == 3)
            let all = try await bench.events(bench.ledger).split(separator: "\n")
            let found = try await bench.events(bench.path("then")).split(separator: "\n")
            #expect(found == all[..<3].map { $0 })
        }
    }

    @Test func whatCannotBeKeptIsSaid() async throws {
        try await withBench { bench in
            let both = try await bench.run(
                ["restore", "x", "--to", "y", "--position", "1", "--at", "now"])
            #expect(both.status == .exited(64))
            let beyond = try await bench.run(
                ["restore", bench.ledger, "--to", bench.path("b"), "--position", "999"])
            #expect(beyond.status == .exited(65))
            #expect(beyond.errorOutput.contains("there is no event 999"))
            try FileManager.default.createDirectory(
                atPath: bench.path("letters"), withIntermediateDirectories: true)
            try bench.scope.write("x", to: "letters/mine.txt")
            let foreign = try await bench.run(["backup", bench.path("letters")])
            #expect(foreign.status == .exited(69))
            #expect(foreign.errorOutput.contains("mine.txt"))
            let missing = try await bench.run(
                ["restore", bench.path("nothing"), "--to", bench.path("c")])
            #expect(missing.status == .exited(69))
            _ = try await bench.run(["backup", bench.path("backup")])
            let written = try await bench.run(
                ["checkpoint", "--ledger", bench.path("backup")])
            #expect(written.status == .exited(69))
            #expect(written.errorOutput.contains("restore it to a new directory"))
        }
    }

    @Test func aLedgerIsCompactedAndCounted() async throws {
        try await withBench { bench in
            let before = try await bench.json(["ledger", "stat"])
            #expect(before["events"]?.int == Self.count)
            #expect(before["frames"]?.int == Self.count)
            #expect(before["format"]?.int == 3)
            let report = try await bench.json(["compact"])
            #expect(report["head_link"]?.string == before["head_link"]?.string)
            let after = try await bench.json(["ledger", "stat"])
            #expect(after["head_link"]?.string == before["head_link"]?.string)
            #expect(after["file_bytes"]?.int == report["bytes_after"]?.int)
            let table = try await bench.run(["ledger", "stat"])
            #expect(table.output.contains("sealed through"))
            #expect(table.errorOutput == "")
        }
    }

    @Test func anExportIsImportedAsTheSameChain() async throws {
        try await withBench { bench in
            let export = try await bench.run(["ledger", "export", "--facts"])
            #expect(export.succeeded)
            #expect(export.output.contains(#""fact":{"position":1,"#))
            let file = try bench.scope.write(export.output, to: "ledger.ndjson")
            let report = try await bench.json(
                ["ledger", "import", file, "--to", bench.path("again")])
            #expect(report["head_position"]?.int == Self.count)
            #expect(try await bench.events(bench.path("again")) == bench.events(bench.ledger))
            let cut = try bench.scope.write(
                String(export.output.dropLast(100)), to: "cut.ndjson")
            let refused = try await bench.run(
                ["ledger", "import", cut, "--to", bench.path("cut")])
            #expect(refused.status == .exited(65))
            #expect(refused.errorOutput.contains("line "))
            let none = try await bench.run(
                ["ledger", "import", bench.path("none"), "--to", bench.path("cut")])
            #expect(none.status == .exited(74))
        }
    }
}
