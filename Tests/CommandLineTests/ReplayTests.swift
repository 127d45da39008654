import TestSupport
import Testing
import TrunkEvents

/// `replay` of a call and of the wall, on a ledger that this test wrote.
@Suite struct ReplayTests {
    private func replay(_ arguments: [String]) async throws -> Outcome {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            return try await scope.run(
                Places.trunkledger, ["replay"] + arguments + ["--ledger", ledger],
                environment: ["TZ": "UTC"])
        }
    }

    @Test(arguments: [SampleLedger.answered.description, "pbx1-5"])
    func aCallIsALadder(call: String) async throws {
        let outcome = try await replay(["--call", call])
        #expect(outcome.errorOutput == "")
        #expect(outcome.lines.count == 9)
        #expect(
            outcome.lines[1] == "attempt 1 on alpha-1: channel 1 of 2, held 33.000 s, "
                + "14:00:10.000 to 14:00:43.000")
        #expect(outcome.output.contains("── INVITE 12125550123 ─"))
        #expect(outcome.output.contains("─ BYE ─"))
    }

    @Test func aLadderForProgramsNamesThePositions() async throws {
        let outcome = try await replay([
            "--call", SampleLedger.answered.description, "--format", "json",
        ])
        let ladder = try JSONValue(parsing: outcome.output)
        #expect(ladder["channels"]?.elements.first?["slot"]?.int == 1)
        #expect(ladder["channels"]?.elements.first?["hold_ms"]?.int == 33_000)
        let rungs = ladder["rungs"]?.elements ?? []
        #expect(rungs.map { $0["position"]?.int } == [4, 5, 6, 7, 8, 9])
        #expect(rungs.map { $0["elapsed_ms"]?.int } == [0, 0, 0, 2_000, 32_000, 33_000])
        #expect(rungs[3]["from"]?.string == "carrier")
        #expect(rungs[5]["from"] == .null)
    }

    @Test func theWallMovesWithoutWaitingWhereNobodyWatches() async throws {
        let range = ["--from", "2026-11-22T14:00:05Z", "--to", "2026-11-22T14:02:00Z"]
        let outcome = try await replay(range + ["--speed", "4", "--format", "ndjson"])
        #expect(outcome.errorOutput == "")
        let rows = try JSONValue.rows(outcome.output)
        let inUse = rows.map { $0["in_use"]?.int }
        #expect(inUse.first == 0)
        #expect(Set(inUse) == [0, 1])
        #expect(rows.first?["at"]?.string == "2026-11-22T14:00:05.000Z")
        #expect(rows.first { $0["in_use"]?.int == 1 }?["at"]?.string == "2026-11-22T14:00:10.000Z")
        let people = try await replay(range)
        #expect(people.output.hasPrefix("2026-11-22 14:00:05.000  60x\n\nTRUNK"))
    }

    /// What a terminal of that many columns gets.
    private func screen(_ columns: Int, _ arguments: String) async throws -> String {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let command =
                "stty cols \(columns); \(Places.trunkledger) replay \(arguments) "
                + "--ledger \(ledger) --tz UTC"
            let outcome = try await scope.run(
                "/usr/bin/script", ["-qec", command, "/dev/null"], environment: ["TERM": "xterm"])
            #expect(outcome.succeeded, "\(outcome.output)")
            return outcome.output.replacing("\r\n", with: "\n")
        }
    }

    @Test(arguments: [64, 80, 120])
    func aLadderFitsTheTerminal(columns: Int) async throws {
        let drawn = try await screen(columns, "--call \(SampleLedger.answered)")
        let ladder = drawn.split(separator: "\n").dropFirst(2)
        #expect(ladder.count == 7)
        #expect(ladder.allSatisfy { $0.count <= columns }, "\(drawn)")
        #expect(ladder.last?.hasSuffix("│") == true)
    }

    @Test func aWatchedWallIsDrawnOverItself() async throws {
        let drawn = try await screen(
            80, "--from 2026-11-22T14:00:05Z --to 2026-11-22T14:02:00Z --speed 1000000")
        let frames = drawn.split(separator: "\u{1B}[H\u{1B}[J")
        #expect(frames.count == 2)
        #expect(frames.first?.hasPrefix("2026-11-22 14:00:05.000  1000000x\n") == true)
        #expect(frames.last?.hasPrefix("2026-11-22 14:02:00.000  1000000x\n") == true)
    }

    @Test func wrongUsageSaysWhatIsWanted() async throws {
        #expect(try await replay([]).status == .exited(64))
        #expect(try await replay(["--call", "x"]).status == .exited(64))
        #expect(try await replay(["--from", "-1h", "--speed", "0"]).status == .exited(64))
        let unknown = try await replay(["--call", "00000000000000ff"])
        #expect(unknown.status == .exited(65))
        #expect(unknown.errorOutput.contains("'trunkledger cdr list' shows ids"))
    }
}
