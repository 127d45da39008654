import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct ArchiveTests {
    private let seed = Seed(for: "ArchiveTests")

    /// Three segments of random batches and a tail; all but the last batch signed.
    private func makeLedger(_ path: String) throws -> LedgerWriter {
        var generator = seed.generator()
        let writer = try LedgerWriter.open(path)
        for number in 1...45 {
            // Payloads that fill pieces of their own.
            var batch = EventBatch()
            for index in 0..<100 as Range<UInt64> {
                batch.append(header(index), payload: generator.bytes(200))
            }
            try writer.appendAndWait(batch)
            try writer.appendAndWait(randomBatch(&generator))
            if number % 12 == 0 { try writer.seal() }
        }
        _ = try writer.checkpoint(with: writer.signingKey())
        try writer.appendAndWait(randomBatch(&generator))
        return writer
    }

    private func segments(_ reader: LedgerReader) throws -> [SegmentHeader] {
        var headers: [SegmentHeader] = []
        while let header = try reader.segmentHeader(at: headers.last?.last.next ?? .first) {
            headers.append(header)
        }
        return headers
    }

    private func isArchived(_ code: LedgerError.Code?, _ header: SegmentHeader) -> Bool {
        guard case .archived(header.first, header.last, _) = code else { return false }
        return true
    }

    @Test func archivedEventsAreProvedAndBroughtBack() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let events = try writer.reader.all()
            let before = try writer.reader.verify()
            let headers = try segments(writer.reader)
            #expect(headers.count == 3)
            let report = try writer.archive(through: headers[1].last, to: "\(path)/archive")
            #expect(report.segments == 2)
            #expect(report.through == headers[1].last)
            #expect(report.bytes > 100_000)
            // What is in the archive's files is read there.
            #expect(try writer.reader.all() == events)
            let after = try writer.reader.verify()
            #expect(after.faults == [])
            #expect(after.awayEvents == 0)
            #expect(after.root == before.root)
            #expect(after.head == before.head)
            let next = headers[1].last.next
            for position in [1, 700, next.rawValue] as [UInt64] {
                _ = try writer.reader.continuation(from: position)
            }
            let key = try writer.signingKey().verifier
            for position in [.first, next] {
                #expect(try writer.reader.proof(of: position).verdict(trusting: key) == .proves)
            }
            #expect(try writer.reader.statistics().archivedSegments == 2)
            // Appending, signing and sealing go on.
            try writer.appendAndWait(batch(3))
            _ = try writer.checkpoint(with: writer.signingKey())
            try writer.seal()
            let again = try writer.archive(through: headers[1].last, to: "\(path)/archive")
            #expect(again.segments == 0)
            let back = try writer.bringBack()
            #expect(back.segments == 2)
            #expect(back.bytes == report.bytes)
            #expect(back.through == .zero)
            #expect(try Array(writer.reader.all().prefix(events.count)) == events)
            #expect(try writer.reader.verify().faults == [])
        }
    }

    /// An archive that is not mounted, say.
    @Test func whatIsOutOfReachIsNamedAndTheRestIsRead() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let events = try writer.reader.all()
            let headers = try segments(writer.reader)
            _ = try writer.archive(through: headers[1].last, to: "\(path)/archive")
            try FileManager.default.moveItem(
                atPath: "\(path)/archive", toPath: "\(path)/elsewhere")
            #expect(isArchived(refusal { _ = try writer.reader.all() }, headers[0]))
            #expect(isArchived(refusal { _ = try writer.reader.proof(of: .first) }, headers[0]))
            let left = Array(events[Int(headers[1].last.rawValue)...])
            #expect(try writer.reader.all(from: headers[1].last.next) == left)
            let report = try writer.reader.verify()
            #expect(report.faults == [])
            #expect(report.awayEvents == headers[1].last.rawValue)
            _ = try writer.bringBack(from: "\(path)/elsewhere")
            #expect(try writer.reader.all() == events)
        }
    }

    @Test func aDamagedFileIsAFaultOfTheLedger() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let headers = try segments(writer.reader)
            _ = try writer.archive(through: headers[1].last, to: "\(path)/archive")
            let file = URL(fileURLWithPath: "\(path)/archive/\(SegmentFile.name(headers[1]))")
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
            let report = try writer.reader.verify()
            #expect(report.faults.map(\.position) == [headers[1].first])
            #expect(report.events == writer.head.position.rawValue)
        }
    }

    @Test func aFileVerifiesByItselfAndDamageIsFound() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let key = try writer.signingKey().verifier
            let headers = try segments(writer.reader)
            _ = try writer.archive(through: headers[2].last, to: "\(path)/archive")
            for header in headers {
                let file = "\(path)/archive/\(SegmentFile.name(header))"
                let found = try ArchivedSegment.verify(file, trusting: [key])
                #expect(found.ledger == writer.reader.ledger)
                #expect(found.first == header.first && found.last == header.last)
                let stranger = SigningKey.random(name: key.name).verifier
                let code = refusal { _ = try ArchivedSegment.verify(file, trusting: [stranger]) }
                #expect(code != nil)
            }
            let file = "\(path)/archive/\(SegmentFile.name(headers[1]))"
            let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            var generator = seed.generator()
            for _ in 0..<40 {
                var damaged = whole
                let at = Int.random(in: 0..<whole.count, using: &generator)
                damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                try Data(damaged).write(to: URL(fileURLWithPath: file))
                let code = refusal { _ = try ArchivedSegment.verify(file, trusting: [key]) }
                guard case .corrupt = code else {
                    Issue.record("byte \(at): \(code as Any), \(seed)")
                    return
                }
                // Whose checkpoint it is that the file ends with is not asked then.
                guard at < whole.count - 2_000 else { continue }
                guard case .corrupt = refusal({ _ = try writer.bringBack() }) else {
                    Issue.record("byte \(at) was brought back, \(seed)")
                    return
                }
                _ = try writer.archive(through: headers[2].last, to: "\(path)/archive")
            }
            try Data(whole).write(to: URL(fileURLWithPath: file))
            #expect(try writer.bringBack().through == .zero)
            #expect(try writer.reader.verify().faults == [])
        }
    }

    @Test func whatIsNotSignedIsNotArchived() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<5 { try writer.appendAndWait(batch(50)) }
            try writer.seal()
            let code = refusal {
                _ = try writer.archive(through: writer.head.position, to: "\(path)/archive")
            }
            #expect(code == .notCheckpointed)
        }
    }

    @Test func aMovedArchiveIsNamedAndFoundElsewhere() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let events = try writer.reader.all()
            let headers = try segments(writer.reader)
            _ = try writer.archive(through: headers[0].last, to: "\(path)/archive")
            try FileManager.default.moveItem(
                atPath: "\(path)/archive", toPath: "\(path)/elsewhere")
            #expect(refusal { _ = try writer.bringBack() } != nil)
            #expect(try writer.bringBack(from: "\(path)/elsewhere").segments == 1)
            #expect(try writer.reader.all() == events)
        }
    }

    @Test func anArchivedLedgerIsBackedUpAndCompacted() throws {
        try withTemporaryDirectory { path in
            var writer = try makeLedger("\(path)/ledger")
            let events = try writer.reader.all()
            let headers = try segments(writer.reader)
            _ = try writer.archive(through: headers[1].last, to: "\(path)/archive")
            let head = try writer.reader.backUp(to: "\(path)/backup").head
            #expect(head == writer.head)
            let backup = try LedgerReader.open("\(path)/backup")
            #expect(try backup.verify().faults == [])
            #expect(try backup.all() == events)
            writer.close()
            let report = try LedgerCompaction.compact("\(path)/ledger")
            #expect(report.bytesAfter < report.bytesBefore)
            writer = try LedgerWriter.open("\(path)/ledger")
            #expect(try writer.bringBack().segments == 2)
            #expect(try writer.reader.all() == events)
            _ = try backup.restore(to: "\(path)/restored")
            let restored = try LedgerWriter.open("\(path)/restored")
            #expect(try restored.bringBack().segments == 2)
            #expect(try restored.reader.all() == events)
        }
    }

    /// A crash after the file was written, and before the pieces were taken out.
    @Test func aFileThatIsThereAlreadyIsWrittenAgain() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let events = try writer.reader.all()
            let headers = try segments(writer.reader)
            let store = try ArchiveDirectory("\(path)/archive", making: true)
            try store.write([1, 2, 3], as: SegmentFile.name(headers[0]))
            #expect(try writer.reader.all() == events)
            let report = try writer.archive(through: headers[0].last, to: "\(path)/archive")
            #expect(report.segments == 1)
            #expect(try writer.bringBack().segments == 1)
            #expect(try writer.reader.all() == events)
        }
    }
}
