import Foundation
import Ledger
import TestSupport
import Testing
import TrunkEvents

/// `evidence`, and the checker that it packs, on ledgers that these tests write.
@Suite(.timeLimit(.minutes(2))) struct EvidenceTests {
    private struct Bench {
        let scope: ProcessScope
        let ledger: String

        /// Writes the pack of a call and returns the archive's path.
        func pack(_ call: CallID, as name: String = "evidence.tar") async throws -> String {
            let path = "\(scope.directory)/\(name)"
            let outcome = try await scope.run(
                Places.trunkledger,
                ["evidence", "--call", call.description, "--out", path, "--ledger", ledger])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            return path
        }

        func check(_ pack: String, with checker: String) async throws -> Outcome {
            try await scope.run("/usr/bin/env", ["python3", checker, pack])
        }

        /// Unpacks an archive with the system's tar; returns the pack's directory.
        func unpack(_ archive: String, into name: String) async throws -> String {
            let directory = "\(scope.directory)/\(name)"
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
            let outcome = try await scope.run("/bin/tar", ["-xf", archive, "-C", directory])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            return "\(directory)/\(try #require(names.first))"
        }
    }

    private func withBench(
        _ events: [(second: Int64, Event)] = SampleLedger.all,
        _ body: (Bench) async throws -> Void
    ) async throws {
        try await withProcesses { scope in
            let bench = Bench(scope: scope, ledger: "\(scope.directory)/ledger")
            try await SampleLedger.write(to: bench.ledger, events)
            try await body(bench)
        }
    }

    @Test func aPackIsVerifiedWithoutTheLedger() async throws {
        try await withBench { bench in
            let archive = try await bench.pack(SampleLedger.answered)
            let pack = try await bench.unpack(archive, into: "unpacked")
            let key = try bench.scope.write(
                String(contentsOfFile: "\(bench.ledger)/key.pub", encoding: .utf8), to: "key.pub")
            try FileManager.default.removeItem(atPath: bench.ledger)
            for path in [archive, pack] {
                let outcome = try await bench.check(path, with: "\(pack)/check.py")
                #expect(outcome.succeeded, "\(outcome.output)\(outcome.errorOutput)")
                #expect(outcome.output.contains("talk 30000 ms, channel held 33000 ms"))
                #expect(outcome.output.contains("\nVERIFIED\n"))
            }
            let trusted = try await bench.scope.run(
                "/usr/bin/env", ["python3", "\(pack)/check.py", "--key", key, archive])
            #expect(trusted.succeeded, "\(trusted.output)")
            #expect(trusted.output.hasSuffix("\nVERIFIED\n"))
            let sums = try await bench.scope.run(
                "/bin/bash", ["-c", "cd \(pack) && sha256sum -c --quiet SHA256SUMS"])
            #expect(sums.succeeded, "\(sums.output)\(sums.errorOutput)")
        }
    }

    @Test func theSameCallIsTheSameBytes() async throws {
        try await withBench { bench in
            let first = try await bench.pack(SampleLedger.answered, as: "a.tar")
            let second = try await bench.pack(SampleLedger.answered, as: "b.tar")
            let bytes = try #require(FileManager.default.contents(atPath: first))
            #expect(FileManager.default.contents(atPath: second) == bytes)
        }
    }

    @Test func aCallWithoutAChannelHasEvidenceToo() async throws {
        try await withBench { bench in
            let archive = try await bench.pack(SampleLedger.refused)
            let pack = try await bench.unpack(archive, into: "unpacked")
            let outcome = try await bench.check(archive, with: "\(pack)/check.py")
            #expect(outcome.succeeded, "\(outcome.output)\(outcome.errorOutput)")
            let facts = try JSONValue.rows(
                String(contentsOfFile: "\(pack)/facts.ndjson", encoding: .utf8))
            #expect(facts.contains { $0["fields"]?["reason"]?.string == "cap" })
        }
    }

    @Test func anyChangedByteIsFoundAndItsFileNamed() async throws {
        try await withBench { bench in
            let archive = try await bench.pack(SampleLedger.answered)
            let checker = "\(try await bench.unpack(archive, into: "unpacked"))/check.py"
            let good = try #require(FileManager.default.contents(atPath: archive))
            let seed = Seed(for: "anyChangedByteIsFoundAndItsFileNamed")
            var random = seed.generator()
            let places = Self.files(of: good).map { file in
                (file.name, file.content.randomElement(using: &random) ?? file.content.lowerBound)
            }
            let anywhere = (0..<12).map { _ in
                ("", Int.random(in: 0..<good.count, using: &random))
            }
            for (name, place) in places + anywhere {
                var bad = good
                bad[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                let path = "\(bench.scope.directory)/flipped.tar"
                try bad.write(to: URL(fileURLWithPath: path))
                let outcome = try await bench.check(path, with: checker)
                #expect(outcome.status == .exited(1), "byte \(place), \(seed)")
                #expect(outcome.output.hasPrefix("FAIL "), "byte \(place), \(seed)")
                let isNamed = name.isEmpty || outcome.output.contains(name)
                #expect(isNamed, "byte \(place), \(seed): \(outcome.output)")
            }
        }
    }

    /// The files of an archive, and where their bytes lie in it.
    private static func files(of archive: Data) -> [(name: String, content: Range<Int>)] {
        var files: [(name: String, content: Range<Int>)] = []
        var start = 0
        while archive[start] != 0 {
            let field = archive[start..<start + 100].prefix { $0 != 0 }
            let path = String(decoding: field, as: UTF8.self)
            let digits = String(decoding: archive[start + 124..<start + 135], as: UTF8.self)
            let size = Int(digits, radix: 8) ?? 0
            let name = path.split(separator: "/", maxSplits: 1).last.map(String.init) ?? path
            files.append((name, start + 512..<start + 512 + size))
            start += 512 + (size + 511) / 512 * 512
        }
        return files
    }

    /// What a forger writes who also makes the sums anew.
    @Test(arguments: [
        ("cdr.json", "\"talk_ms\":30000", "\"talk_ms\":29000", "talk_ms is 29000"),
        ("cdr.json", "ANSWERED", "BUSY", "disposition is \"BUSY\""),
        ("facts.ndjson", "\"in_use\":1,\"cap\":2", "\"in_use\":1,\"cap\":9", "event 5: fields"),
        ("facts.ndjson", "14:00:12.000000000Z", "14:00:13.000000000Z", "event 7: time"),
        ("ladder.txt", "14:00:42.000", "14:00:43.000", "its positions and times"),
        ("summary.html", ".talk_ms\">30000", ".talk_ms\">29000", "talk_ms is not"),
        ("summary.html", "── BYE", "── BYX", "its ladder"),
        ("proofs/5.tlog-proof", "index 4\n", "index 5\n", "another event"),
    ])
    func aForgeryWithGoodSumsIsFound(
        file: String, old: String, new: String, complaint: String
    ) async throws {
        try await withBench { bench in
            let archive = try await bench.pack(SampleLedger.answered)
            let pack = try await bench.unpack(archive, into: "unpacked")
            let path = "\(pack)/\(file)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacingOccurrences(of: old, with: new)
                .write(toFile: path, atomically: true, encoding: .utf8)
            let sums = "find . -type f ! -name SHA256SUMS -printf '%P\\n' | LC_ALL=C sort"
            _ = try await bench.scope.run(
                "/bin/bash", ["-c", "cd \(pack) && sha256sum $(\(sums)) > SHA256SUMS"])
            let outcome = try await bench.check(pack, with: "\(pack)/check.py")
            #expect(outcome.status == .exited(1))
            #expect(outcome.output.contains("FAIL \(file): "), "\(outcome.output)")
            #expect(outcome.output.contains(complaint), "\(outcome.output)")
        }
    }

    /// Made by the first version that made any, from real calls: whatever checks packs later
    /// checks this one too.
    @Test func theFirstVersionsPackStaysCheckable() async throws {
        let kept = "\(Places.packageRoot)/Tests/CommandLineTests/Fixtures/evidence-1.tar"
        try await withBench { bench in
            let old = try await bench.unpack(kept, into: "kept")
            let fresh = try await bench.unpack(
                bench.pack(SampleLedger.answered), into: "unpacked")
            for checker in ["\(old)/check.py", "\(fresh)/check.py"] {
                let outcome = try await bench.check(kept, with: checker)
                #expect(outcome.succeeded, "\(outcome.output)\(outcome.errorOutput)")
                #expect(outcome.output.contains("ANSWERED"))
            }
        }
    }

    /// One line of the answered call, and one of a call that never was.
    private static let invoice = """
        Start Time,From,To,Duration,Cost
        2026-11-22 15:00:12,12125550100,12125550123,30,0.0050
        2026-11-22 15:00:20,12125550100,13055550101,60,0.0100

        """

    @Test func theLineOfAnInvoiceIsDisputed() async throws {
        try await withBench { bench in
            let invoice = try bench.scope.write(Self.invoice, to: "nov.csv")
            let archive = "\(bench.scope.directory)/claim.tar"
            func claim(_ row: Int) async throws -> Outcome {
                try await bench.scope.run(
                    Places.trunkledger,
                    [
                        "evidence", "--invoice", invoice, "--invoice-row", String(row), "--out",
                        archive, "--ledger", bench.ledger,
                    ], environment: ["TZ": "UTC"])
            }
            let written = try await claim(2)
            #expect(written.succeeded, "\(written.errorOutput)")
            let pack = try await bench.unpack(archive, into: "unpacked")
            let outcome = try await bench.check(archive, with: "\(pack)/check.py")
            #expect(outcome.succeeded, "\(outcome.output)\(outcome.errorOutput)")
            #expect(outcome.output.contains("claim: line 2 of nov.csv, class exact, billed 30 s"))
            for row in [3, 9] {
                let refused = try await claim(row)
                #expect(refused.status == .exited(65), "\(refused.output)")
            }
        }
    }

    @Test func aCallThatRunsHasNoEvidenceYet() async throws {
        try await withBench { bench in
            let outcome = try await bench.scope.run(
                Places.trunkledger,
                [
                    "evidence", "--call", SampleLedger.running.description, "--ledger",
                    bench.ledger,
                ])
            #expect(outcome.status == .exited(65))
            #expect(outcome.errorOutput.contains("not over yet"))
        }
    }
}
