import Foundation
import Ledger
import Projections
import TestSupport
import Testing
import TrunkEvents

/// The packs of random calls: what the checker works out in Python from the facts' bytes must be
/// the records that the fold made.
@Suite(.timeLimit(.minutes(2))) struct EvidencePackTests {
    private static let callCount = 20

    @Test func theCheckerAgreesWithTheFold() async throws {
        let seed = Seed(for: "theCheckerAgreesWithTheFold")
        try await withProcesses { scope in
            let path = "\(scope.directory)/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            let entries = CallGenerator.entries(seed, count: 2_000)
            try await append(entries, to: writer)
            _ = try writer.checkpoint(with: writer.signingKey())
            var projections = try LedgerProjections(
                ledger: path, reader: writer.reader, mode: .reader)
            try projections.catchUp()
            var random = seed.generator()
            var packs: [String] = []
            for call in Self.calls(of: entries).shuffled(using: &random) {
                guard packs.count < Self.callCount,
                    let pack = try Self.pack(call, in: writer.reader, projections)
                else { continue }
                let archive = "\(scope.directory)/\(pack.name).tar"
                try pack.write(to: archive)
                packs.append(archive)
                try pack.files.first { $0.name == "check.py" }
                    .map { Data($0.bytes) }?.write(
                        to: URL(fileURLWithPath: "\(scope.directory)/check.py"))
            }
            #expect(packs.count == Self.callCount, "\(seed)")
            for pack in packs {
                let outcome = try await scope.run("/usr/bin/env", ["python3", "check.py", pack])
                #expect(outcome.succeeded, "\(seed): \(outcome.output)\(outcome.errorOutput)")
            }
        }
    }

    /// `nil` for a call that is not over, or whose end is an estimate that clock steps, which the
    /// generator does not tell of, have moved away from.
    private static func pack(
        _ call: CallID, in reader: LedgerReader, _ projections: borrowing LedgerProjections
    ) throws -> EvidencePack? {
        let facts = try facts(of: call, in: reader)
        guard
            let told = try? EvidenceCase(facts, in: reader, projections, now: after(0)),
            told.records.allSatisfy(isWithinAnEstimate)
        else { return nil }
        return EvidencePack(told, version: "1.0")
    }

    private static func isWithinAnEstimate(_ row: CDRRow) -> Bool {
        guard row.endUncertaintyMilliseconds > 0 else { return true }
        let began = row.answeredAt ?? row.seizedAt
        let told = row.answeredAt == nil ? row.setupMilliseconds : row.talkMilliseconds
        return abs(max(0, began.duration(to: row.endedAt).milliseconds) - told) <= 1_000
    }

    private static func calls(of entries: [LogEntry]) -> [CallID] {
        entries.compactMap { entry in
            if case .callStarted(let fact) = entry.event { fact.call } else { nil }
        }
    }
}
