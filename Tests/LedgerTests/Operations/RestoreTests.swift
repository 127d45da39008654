import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct RestoreTests {
    private static func stamped(_ sequence: UInt64) -> AppendConditions {
        let producer = ProducerID(rawValue: 9)
        return AppendConditions(stamp: ProducerStamp(producer: producer, sequence: sequence))
    }

    /// Forty frames with rising times, two a second; the first half sealed, in two segments.
    private func makeLedger(_ path: String) throws -> LedgerWriter {
        let writer = try LedgerWriter.open(path)
        let key = try writer.signingKey()
        for number in 1...40 as ClosedRange<UInt64> {
            var batch = EventBatch()
            for index in 0..<number % 4 + 1 {
                var header = header(index, stream: number % 5)
                header.wallTime = Int64(number) * 500_000_000
                batch.append(header, payload: [UInt8(number), UInt8(index)])
            }
            _ = try writer.appendAndWait(batch, under: Self.stamped(number))
            if number % 8 == 0 { _ = try writer.checkpoint(with: key) }
            if number == 10 || number == 20 { try writer.seal() }
        }
        return writer
    }

    @Test func everyPositionIsRestoredAsItWas() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let events = try writer.reader.all()
            for limit in stride(from: UInt64(0), through: writer.head.position.rawValue, by: 7) {
                let target = "\(path)/\(limit)"
                let report = try writer.reader.restore(
                    to: target, through: Position(rawValue: limit))
                let end = report.head.position
                #expect(end.rawValue <= limit && end.rawValue + 4 > limit)
                #expect(try writer.reader.link(at: end) == report.head.link)
                let restored = try LedgerWriter.open(target)
                #expect(restored.head == report.head)
                #expect(try restored.reader.all() == Array(events.prefix(Int(end.rawValue))))
                #expect(try restored.reader.verify().faults == [], "\(limit)")
                let newest = try restored.reader.newestCheckpoint()?.checkpoint.size ?? 0
                #expect(newest <= end.rawValue)
                try restored.appendAndWait(batch(2))
                try restored.seal()
                #expect(try restored.reader.verify().faults == [], "\(limit)")
            }
        }
    }

    @Test func producersAndRevisionsAreThoseOfThen() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let middle = try writer.reader.position(at: 15_000_000_000)
            _ = try writer.reader.restore(to: "\(path)/then", through: middle)
            let restored = try LedgerWriter.open("\(path)/then")
            for sequence in 1...30 as ClosedRange<UInt64> {
                let outcome = try restored.appendAndWait(batch(1), under: Self.stamped(sequence))
                guard case .duplicate = outcome else {
                    Issue.record("batch \(sequence) was recorded")
                    return
                }
            }
            let next = try restored.appendAndWait(batch(1), under: Self.stamped(31))
            #expect(next == .appended(AppendReceipt(first: middle.next, last: middle.next)))
        }
    }

    @Test func anInstantIsFoundInFramesAndSegments() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            var end: UInt64 = 0
            for number in 1...40 as ClosedRange<UInt64> {
                let instant = Int64(number) * 500_000_000
                #expect(try writer.reader.position(at: instant - 1).rawValue == end)
                end += number % 4 + 1
                #expect(try writer.reader.position(at: instant).rawValue == end)
            }
            #expect(try writer.reader.position(at: .max) == writer.head.position)
            #expect(try writer.reader.position(at: .min) == .zero)
        }
    }

    @Test func aRestoredLedgerSignsUnderANameOfItsOwn() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let key = try writer.signingKey()
            let signed = try writer.checkpoint(with: key)
            let report = try writer.reader.restore(to: "\(path)/restored")
            #expect(report.head == writer.head)
            let restored = try LedgerWriter.open("\(path)/restored")
            #expect(restored.reader.lineage == report.lineage)
            #expect(report.lineage.descents.map(\.position) == [writer.head.position])
            let ownKey = try restored.signingKey()
            #expect(ownKey.verifier.name == report.lineage.origin)
            #expect(ownKey.verifier.name != key.verifier.name)
            #expect(refusal { _ = try restored.signingKey(at: "\(path)/ledger/key") } != nil)
            try restored.appendAndWait(batch(1))
            let own = try restored.checkpoint(with: ownKey)
            #expect(own.checkpoint.origin == report.lineage.origin)
            // What was signed before still holds; what the original signs from now on does not.
            let both = try restored.reader.verify(against: [signed])
            #expect(both.faults == [])
            try writer.appendAndWait(batch(1))
            let later = try writer.checkpoint(with: key)
            let report2 = try restored.reader.verify(against: [later])
            #expect(report2.faults.map(\.cause) == [
                .checkpoint(size: later.checkpoint.size, .foreign)
            ])
        }
    }

    @Test func aDirectoryWithALedgerIsNotRestoredOver() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            _ = try writer.reader.restore(to: "\(path)/restored")
            let code = refusal { _ = try writer.reader.restore(to: "\(path)/restored") }
            #expect(code == .foreignDirectory)
        }
    }

    @Test func aRestoringThatWasCutShortIsNoLedgerUntilItIsGoneOnWith() throws {
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger")
            let reader = writer.reader
            let metadata = try reader.metadata()
            do {
                let half = try CopyDirectory(
                    "\(path)/half", for: metadata.with(.unfinished, []), mapBytes: 1 << 30)
                var copy = LogCopy(
                    reader, to: half.reader, through: Position(rawValue: 30))
                _ = try copy.run()
            }
            #expect(refusal { _ = try LedgerReader.open("\(path)/half") } == .notLive)
            #expect(refusal { _ = try LedgerWriter.open("\(path)/half") } == .notLive)
            let report = try reader.restore(to: "\(path)/half")
            #expect(report.head == writer.head)
            let restored = try LedgerReader.open("\(path)/half")
            #expect(try restored.verify().faults == [])
            #expect(try restored.all() == reader.all())
        }
    }
}
