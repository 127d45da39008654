import Foundation
import TestSupport

@testable import Ledger
@testable import LedgerWorkload

/// A ledger's directory as a power cut left it, opened again and held against what was promised.
struct CrashedLedger {
    let path: String
    private var expected: ExpectedBatches

    init(_ path: String, seed: UInt64) {
        self.path = path
        expected = ExpectedBatches(seed: seed)
    }

    /// Puts the files there as the cut left them.
    func write(_ image: [UInt8], isNamed: Bool, head: LedgerHead?) throws {
        let files = FileManager.default
        try? files.removeItem(atPath: path)
        let log = "\(path)/\(isNamed ? LedgerFormat.logDirectory : LedgerFormat.newLogDirectory)"
        try files.createDirectory(atPath: log, withIntermediateDirectories: true)
        try Data(image).write(to: URL(fileURLWithPath: "\(log)/data.mdb"))
        if let head { try HeadFile(writing: "\(path)/head").announce(head) }
    }

    /// Opens, reads, verifies, appends and verifies again. Throws unless all batches numbered in
    /// `acknowledged` are there, and every batch is there whole or not at all.
    ///
    /// Returns the numbers of the batches that it found.
    @discardableResult
    mutating func check(acknowledged: [UInt32], mayMissOthers: Bool) throws -> Set<UInt32> {
        let writer = try LedgerWriter.open(path, options: LedgerWorkload.options)
        defer { writer.close() }
        let content = try WorkloadContent(writer.reader, &expected)
        let found = Set(content.numbers[0] ?? [])
        for number in acknowledged where !found.contains(number) {
            throw WrongContent("batch \(number) was acknowledged and is gone")
        }
        if !mayMissOthers, !content.isGapless { throw WrongContent("a batch is missing") }
        try verify(writer.reader, events: content.eventCount)
        let next = WorkloadBatch(
            seed: expected.seed, producer: 0, number: (content.numbers[0]?.last ?? 0) + 1)
        let receipt = try writer.appendAndWait(next.batch)
        guard receipt.first.rawValue == UInt64(content.eventCount) + 1 else {
            throw WrongContent("the next batch got position \(receipt.first)")
        }
        try verify(writer.reader, events: Int(receipt.last.rawValue))
        return found
    }

    private func verify(_ reader: LedgerReader, events: Int) throws {
        let report = try reader.verify()
        if let fault = report.faults.first { throw WrongContent("verify: \(fault)") }
        guard report.events == UInt64(events) else {
            throw WrongContent("verify counts \(report.events) events of \(events)")
        }
    }
}
