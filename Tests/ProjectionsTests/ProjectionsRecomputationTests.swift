import Foundation
import Ledger
import Projections
import TestSupport
import Testing
import TrunkEvents

/// What the commands answer, against `Recomputation/recompute.py`: another program, in another
/// language, from nothing but the printed facts and the definitions in the documents.
@Suite(.timeLimit(.minutes(3))) struct ProjectionsRecomputationTests {
    private let seed = Seed(for: "ProjectionsRecomputationTests")

    /// A random log on disk, as several runs of an agent wrote it, and its printed facts.
    private struct Bench {
        let scope: ProcessScope
        let entries: [LogEntry]
        var ledger: String { "\(scope.directory)/ledger" }
        private var facts: String { "\(scope.directory)/facts" }
        private static let script =
            Places.packageRoot + "/Tests/ProjectionsTests/Recomputation/recompute.py"

        /// The first part is saved as the agent would have saved it; the rest is a tail.
        func write(seed: Seed) async throws {
            var rest = entries[...]
            while let boot = rest.first?.stamp.boot {
                let run = rest.prefix { $0.stamp.boot == boot }
                rest = rest.dropFirst(run.count)
                let writer = try LedgerWriter.open(ledger, options: testOptions)
                defer { writer.close() }
                try await append(run, to: writer)
                guard rest.count > entries.count / 3 else { continue }
                var owner = try LedgerProjections(
                    ledger: ledger, reader: writer.reader, mode: .owner)
                try owner.save()
            }
            let printed = try await scope.run(
                Places.trunkledger, ["events", "--ledger", ledger, "--format", "ndjson"])
            #expect(printed.lines.count == entries.count, "\(printed.errorOutput) \(seed)")
            try scope.write(printed.output, to: "facts")
        }

        func answer(_ arguments: [String]) async throws -> [JSONValue] {
            let outcome = try await scope.run(
                Places.trunkledger, arguments + ["--ledger", ledger, "--format", "ndjson"])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            return try JSONValue.rows(outcome.output)
        }

        func recomputed(_ arguments: [String]) async throws -> [JSONValue] {
            let outcome = try await scope.run(
                "/usr/bin/python3", [Self.script, facts] + arguments)
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            return try JSONValue.rows(outcome.output)
        }
    }

    private func withBench(_ check: (Bench) async throws -> Void) async throws {
        try await withProcesses { scope in
            let bench = Bench(scope: scope, entries: CallGenerator.entries(seed, count: 1_200))
            try await bench.write(seed: seed)
            try await check(bench)
        }
    }

    /// Every name of `expected` has the same value in `found`.
    private func compare(_ found: [JSONValue], _ expected: [JSONValue], _ what: String) {
        #expect(found.count == expected.count, "\(what) \(seed)")
        for (ours, theirs) in zip(found, expected) {
            guard case .object(let fields) = theirs else { continue }
            for (name, value) in fields where !same(ours[name], value) {
                let id = ours["cdr_id"] ?? ours["trunk"] ?? .null
                Issue.record(
                    "\(what) \(id) \(name): \(ours[name] ?? .null), recomputed \(value) \(seed)")
            }
        }
    }

    /// Ratios may differ in the last bit, since the two divide differently.
    private func same(_ ours: JSONValue?, _ theirs: JSONValue) -> Bool {
        if case .number(let left)? = ours, case .number(let right) = theirs {
            return abs(left - right) <= 1e-9 * max(1, abs(right))
        }
        return ours == theirs
    }

    private func text(_ instant: Int64) -> String {
        let fraction = String(instant % 1_000_000_000)
        let padded = String(repeating: "0", count: 9 - fraction.count) + fraction
        let seconds = Date(timeIntervalSince1970: TimeInterval(instant / 1_000_000_000))
        return ISO8601DateFormatter().string(from: seconds).replacingOccurrences(
            of: "Z", with: ".\(padded)Z")
    }

    @Test func occupancyAtAnyInstant() async throws {
        var random = seed.generator()
        try await withBench { bench in
            for _ in 0..<12 {
                let near = bench.entries.randomElement(using: &random)?.wall.nanoseconds ?? 0
                let instant = text(near + Int64.random(in: -2...2, using: &random))
                let found = try await bench.answer(["occupancy", "--at", instant])
                let expected = try await bench.recomputed(["occupancy", instant])
                compare(found, expected, "occupancy at \(instant)")
            }
        }
    }

    @Test func uptimeOfAnyRange() async throws {
        var random = seed.generator()
        try await withBench { bench in
            let last = bench.entries.last?.wall.nanoseconds ?? 0
            for _ in 0..<6 {
                let drawn = bench.entries.randomElement(using: &random)?.wall.nanoseconds ?? 0
                let range = [text(min(drawn, last - 1)), text(last)]
                let found = try await bench.answer(["uptime", "--from", range[0], "--to", range[1]])
                let expected = try await bench.recomputed(["uptime"] + range)
                compare(found.map(boundsOfOutages), expected, "uptime from \(range[0])")
            }
        }
    }

    /// The outages' causes are for people; their bounds count.
    private func boundsOfOutages(_ line: JSONValue) -> JSONValue {
        guard case .object(var fields) = line else { return line }
        let bounds = (fields["outages"]?.elements ?? []).map { outage in
            JSONValue.list([outage["from"] ?? .null, outage["to"] ?? .null])
        }
        fields["outages"] = .list(
            bounds.sorted { ($0.elements[0].string ?? "") < ($1.elements[0].string ?? "") })
        return .object(fields)
    }

    @Test func keyIndicatorsOfAnyRange() async throws {
        var random = seed.generator()
        try await withBench { bench in
            let walls = bench.entries.map(\.wall.nanoseconds)
            let whole = [(walls.min() ?? 0) - 1, (walls.max() ?? 0) + 1]
            let part = [walls.randomElement(using: &random)!, walls.randomElement(using: &random)!]
            for bounds in [whole, part.sorted()] {
                let range = bounds.map(text)
                let found = try await bench.answer([
                    "kpi", "--by", "trunk", "--from", range[0], "--to", range[1],
                ])
                let expected = try await bench.recomputed(["kpi"] + range)
                let shown = Set(found.map { $0["trunk"] })
                compare(
                    found, expected.filter { shown.contains($0["trunk"]) }, "kpi in \(range)")
            }
        }
    }

    @Test func everyCallRecord() async throws {
        try await withBench { bench in
            let expected = try await bench.recomputed(["cdr"])
            let found = try await bench.answer(["cdr", "list"])
            #expect(expected.count > 50, "\(seed)")
            compare(found, expected, "cdr")
        }
    }
}
