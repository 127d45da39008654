import Foundation
import Ledger
import TestSupport
import Testing

/// The documents of the format, held against what is on disk: a reader in another language that
/// was written from them.
@Suite struct LedgerFormatTests {
    /// Debian's Python has the packages that Debian has; another one may have PyPI's.
    private static let python: String? = ["/usr/bin/python3", Places.program("python3")]
        .compactMap { $0 }.first { program in
            let probe = Process()
            probe.executableURL = URL(fileURLWithPath: program)
            probe.arguments = ["-c", "import cryptography, lmdb, zstandard"]
            probe.standardError = FileHandle.nullDevice
            guard (try? probe.run()) != nil else { return false }
            probe.waitUntilExit()
            return probe.terminationStatus == 0
        }

    @Test(.enabled(if: python != nil, "no python3 with the reader's packages; see tools/setup"))
    func aReaderInPythonFindsTheSameEventsAndRoot() async throws {
        let seed = Seed(for: "aReaderInPythonFindsTheSameEventsAndRoot")
        var generator = seed.generator()
        let python = try #require(Self.python)
        let script = "\(Places.packageRoot)/Tests/LedgerTests/Reader/read_ledger.py"
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            for boot in 1...2 as ClosedRange<UInt64> {
                let writer = try LedgerWriter.open(ledger)
                let key = try writer.signingKey()
                // Several stripes of columns, and a block in several pieces.
                _ = try await writer.append(batch(5_000, payload: generator.bytes(9)))
                _ = try await writer.append(batch(1, payload: generator.bytes(200_000)))
                for _ in 0..<3 {
                    for _ in 0..<20 { _ = try await writer.append(randomBatch(&generator)) }
                    _ = try writer.checkpoint(with: key)
                    try writer.seal(through: Position(rawValue: writer.head.position.rawValue / 2))
                }
                let stamp = ProducerStamp(producer: ProducerID(rawValue: 7), sequence: boot)
                _ = try await writer.append(
                    randomBatch(&generator), under: AppendConditions(stamp: stamp))
                writer.close()
            }
            let report = try LedgerReader.open(ledger).verify()
            #expect(report.isSound, "\(seed)")
            let outcome = try await scope.run(python, ["-B", script, ledger])
            #expect(outcome.succeeded, "\(outcome.errorOutput) \(seed)")
            let found = try JSONValue(parsing: outcome.output)
            #expect(found["events"]?.int == Int(report.events), "\(seed)")
            #expect(found["sealed"]?.int ?? 0 >= 3, "\(seed)")
            #expect(found["root"]?.string == report.root?.description, "\(seed)")
        }
    }
}
