import Foundation
import TestSupport
import Testing

/// A ledger with closed batches, and the command that delivers them.
struct DeliveryBench {
    let scope: ProcessScope
    var ledger: String { "\(scope.directory)/ledger" }
    private var out: String { "\(scope.directory)/batches" }
    private static let environment = ["TRUNKLEDGER_LEDGER": "", "TOKEN": "s3cret"]

    static func with(
        batches: Int = 12, callsEach: Int = 20, _ check: (DeliveryBench) async throws -> Void
    ) async throws {
        try await withProcesses { scope in
            let bench = DeliveryBench(scope: scope)
            try await SampleLedger.write(to: bench.ledger)
            for batch in 0..<batches {
                try await bench.close(batch * callsEach..<(batch + 1) * callsEach)
            }
            try await check(bench)
        }
    }

    /// Appends these calls and closes a batch behind them.
    func close(_ calls: Range<Int>) async throws {
        try await SampleLedger.write(to: ledger, SampleLedger.answeredCalls(calls))
        let outcome = try await scope.run(
            Places.trunkledger,
            ["cdr", "export", "--cdr-format", "json", "--out", out, "--ledger", ledger])
        #expect(outcome.succeeded, "\(outcome.errorOutput)")
    }

    /// The lines of the sealed files, in their order: what every destination must hold.
    func sealedLines() throws -> [Substring] {
        let files = try FileManager.default.contentsOfDirectory(atPath: out)
        return try files.filter { $0.hasSuffix(".ndjson") }.sorted().flatMap {
            try String(contentsOfFile: "\(out)/\($0)", encoding: .utf8).split(separator: "\n")
        }
    }

    func deliver(to destination: String, _ more: [String] = []) async throws -> Outcome {
        try await scope.run(
            Places.trunkledger, Self.words(destination, ledger) + more,
            environment: Self.environment)
    }

    func start(to destination: String, _ more: [String] = []) throws -> ChildProcess {
        try scope.start(
            Places.trunkledger, Self.words(destination, ledger) + more, name: "deliver",
            environment: Self.environment)
    }

    /// Starts it again and again and kills it, at another moment each time, until it ends by
    /// itself.
    func deliverKilled(
        to destination: String, _ more: [String] = [], seed: Seed
    ) async throws {
        var random = seed.generator()
        for _ in 0..<30 {
            let child = try start(to: destination, more)
            let moment = Int.random(in: 1...120, using: &random)
            if let end = try? await child.wait(within: .milliseconds(moment)) {
                #expect(end == .exited(0), "\(child.errorOutput) \(seed)")
            }
            child.killNow()
        }
        let last = try await deliver(to: destination, more)
        #expect(last.succeeded, "\(last.errorOutput) \(seed)")
    }

    func events(_ kind: String) async throws -> [JSONValue] {
        let outcome = try await scope.run(
            Places.trunkledger,
            ["events", "--kind", kind, "--format", "ndjson", "--ledger", ledger])
        return try JSONValue.rows(outcome.output)
    }

    private static func words(_ destination: String, _ ledger: String) -> [String] {
        [
            "cdr", "deliver", "--to", destination, "--ledger", ledger, "--pause", "10ms",
            "--format", "ndjson",
        ]
    }
}

/// The columns that the tests compare, as one text a row.
struct ComparedRow: Hashable, CustomStringConvertible {
    var description: String

    static let columns = [
        "cdr_id", "rev", "seq_last", "talk_ms", "hold_ms", "disposition", "dialer_ref", "t_seize",
        "t_ring", "codec",
    ]

    /// - Parameter row: an object with ``columns``; a database holds nothing for an empty text, and
    ///   no NUL.
    init(_ row: JSONValue) {
        description = Self.columns.map { name in
            switch row[name] {
            case .text(let text): text.replacingOccurrences(of: "\0", with: "\u{FFFD}")
            case .number(let number): "\(Int(number))"
            default: ""
            }
        }.joined(separator: "|")
    }
}
