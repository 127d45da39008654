import Foundation
import TestSupport
import Testing
import TrunkEvents

/// The built program on a ledger that this test wrote.
@Suite struct QueriesTests {
    private func ask(
        _ arguments: [String], environment: [String: String] = ["TZ": "UTC"],
        _ check: (Outcome) throws -> Void
    ) async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let outcome = try await scope.run(
                Places.trunkledger, arguments + ["--ledger", ledger], environment: environment)
            #expect(outcome.errorOutput == "")
            try check(outcome)
        }
    }

    private func rows(_ arguments: [String]) async throws -> [JSONValue] {
        var rows: [JSONValue] = []
        try await ask(arguments + ["--format", "ndjson"]) { outcome in
            #expect(outcome.succeeded)
            rows = try JSONValue.rows(outcome.output)
        }
        return rows
    }

    @Test func statusShowsTheWall() async throws {
        try await ask(["status"]) { outcome in
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("alpha-1  alpha"))
            #expect(outcome.output.contains("1/2"))
        }
        let wall = try await rows(["status"])
        #expect(wall.map { $0["trunk"]?.string } == ["alpha-1"])
        #expect(wall.first?["in_use"]?.int == 1)
        #expect(wall.first?["cap"]?.int == 2)
        #expect(wall.first?["blocked"]?.int == 1)
    }

    @Test func occupancyGoesStepByStep() async throws {
        let now = try await rows(["occupancy"])
        #expect(now.map { $0["in_use"]?.int } == [1])
        let early = try await rows(["occupancy", "--at", "2026-11-22 14:00:15", "--tz", "UTC"])
        #expect(early.map { $0["in_use"]?.int } == [1])
        let idle = try await rows(["occupancy", "--at", "2026-11-22T14:00:45Z"])
        #expect(idle.map { $0["in_use"]?.int } == [0])
        let steps = try await rows([
            "occupancy", "--trunk", "alpha-1", "--from", "2026-11-22T14:00:05Z", "--to",
            "2026-11-22T14:00:55Z",
        ])
        #expect(steps.map { $0["in_use"]?.int } == [0, 1, 0, 1])
        #expect(
            steps.map { $0["at"]?.string } == [
                "2026-11-22T14:00:05.000Z", "2026-11-22T14:00:10.000Z",
                "2026-11-22T14:00:43.000Z", "2026-11-22T14:00:50.000Z",
            ])
    }

    /// The trunks' peaks need not have been at one time: only a range's steps can say.
    @Test func aCarriersPeakIsThatOfARange() async throws {
        let now = try await rows(["occupancy", "--by", "carrier"])
        #expect(now.map { $0["in_use"]?.int } == [1] && now.first?["peak"] == .null)
        let steps = try await rows([
            "occupancy", "--by", "carrier", "--from", "2026-11-22T14:00:05Z", "--to",
            "2026-11-22T14:00:45Z",
        ])
        #expect(steps.map { $0["peak"]?.int } == [0, 1, 1])
    }

    @Test func occupancyOverARangeIsACurveToo() async throws {
        let range = ["--from", "2026-11-22T14:00:00Z", "--to", "2026-11-22T14:01:00Z"]
        try await ask(["occupancy"] + range) { outcome in
            let curve = try #require(outcome.lines.last)
            #expect(curve.hasPrefix("alpha-1  ▁▁▁▁▁▁▁▁▁▁▅▅"))
            #expect(curve.hasSuffix("  peak 1 of 2"))
        }
    }

    @Test func occupancyIsPlottedForPeopleWhoWouldRatherLook() async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let range = ["--from", "2026-11-22T14:00:00Z", "--to", "2026-11-22T14:01:00Z"]
            let outcome = try await scope.run(
                Places.trunkledger,
                ["occupancy", "--html", "o.html", "--ledger", ledger] + range)
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            let page = try String(contentsOfFile: "\(scope.directory)/o.html", encoding: .utf8)
            #expect(page.contains("alpha-1: most channels in use") && page.contains("cap 2"))
        }
        try await withProcesses { scope in
            let outcome = try await scope.run(
                Places.trunkledger, ["occupancy", "--html", "o.html", "--ledger", "x"])
            #expect(outcome.status == .exited(64))
        }
    }

    @Test func uptimeKnowsCarrierAndTrunk() async throws {
        let reports = try await rows(["uptime", "--to", "2026-11-22T14:01:00Z"])
        #expect(reports.map { $0["carrier"]?.string } == ["alpha", "alpha"])
        #expect(reports.compactMap { $0["trunk"]?.string } == ["alpha-1"])
        for report in reports {
            #expect(report["down_s"]?.double == 0)
            #expect(report["outages"] != nil)
        }
    }

    @Test func callRecordsListAndShow() async throws {
        let records = try await rows(["cdr", "list"])
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record["disposition"]?.string == "ANSWERED")
        #expect(record["talk_ms"]?.int == 30_000)
        #expect(record["call_id"]?.string == SampleLedger.answered.description)
        let id = try #require(record["cdr_id"]?.string)
        #expect(try await rows(["cdr", "show", id]) == records)
        #expect(try await rows(["cdr", "show", SampleLedger.answered.description]) == records)
        #expect(try await rows(["cdr", "list", "--disposition", "busy"]).isEmpty)
        #expect(try await rows(["cdr", "list", "--from", "2026-11-22T14:00:11Z"]).isEmpty)
        #expect(try await rows(["cdr", "list", "--to", "2026-11-22T14:00:11Z"]).count == 1)
    }

    @Test func csvHasAHeaderEvenWhenEmpty() async throws {
        try await ask(["cdr", "list", "--format", "csv", "--disposition", "BUSY"]) { outcome in
            #expect(outcome.output.hasPrefix("cdr_id,rev,supersedes,call_id,"))
            #expect(outcome.output.split(whereSeparator: \.isNewline).count == 1)
        }
        try await ask(["cdr", "list", "--format", "json", "--disposition", "BUSY"]) { outcome in
            #expect(outcome.output == "[]\n")
        }
    }

    @Test func eventsAreFilteredByKindCallAndTrunk() async throws {
        #expect(try await rows(["events"]).count == SampleLedger.all.count)
        let refusals = try await rows(["events", "--kind", "channelRefused"])
        #expect(refusals.map { $0["reason"]?.string } == ["cap"])
        #expect(refusals.first?["stream"]?.string == SampleLedger.refused.description)
        #expect(refusals.first?["time"]?.string == "2026-11-22T14:01:00.000000000Z")
        let call = try await rows(["events", "--call", SampleLedger.running.description])
        #expect(
            call.map { $0["kind"]?.string } == ["callStarted", "channelSeized", "attemptSent"])
        let trunk = try await rows(["events", "--trunk", "alpha-1", "--kind", "trunkReachable"])
        #expect(trunk.map { $0["stream"]?.string } == ["alpha-1"])
        #expect(trunk.first?["round_trip_ns"]?.int == 3_000_000)
        let range = try await rows([
            "events", "--from", "2026-11-22T14:00:42Z", "--to", "2026-11-22T14:00:44Z",
        ])
        #expect(range.map { $0["kind"]?.string } == ["callEnded", "channelReleased"])
    }

    @Test func aClosedPipeIsNoError() async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let command = "\(Places.trunkledger) events --ledger \(ledger)"
            let outcome = try await scope.run(
                "/bin/bash", ["-c", "(sleep 0.2; \(command)) | true; echo ${PIPESTATUS[0]}"])
            #expect(outcome.output == "0\n")
            #expect(outcome.errorOutput == "")
        }
    }
}
