import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerStatisticsTests {
    @Test func aLedgerIsCountedAndEachPageOnce() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for number in 0..<50 as Range<UInt64> {
                try writer.appendAndWait(batch(40, stream: number % 7))
            }
            let stamp = ProducerStamp(producer: ProducerID(rawValue: 3), sequence: 1)
            _ = try writer.appendAndWait(
                batch(1, stream: 99), under: AppendConditions(stamp: stamp))
            _ = try writer.checkpoint(with: writer.signingKey())
            try writer.seal(through: Position(rawValue: 1_200))
            let found = try writer.reader.statistics()
            #expect(found.head == writer.head)
            #expect(found.format == LedgerFormat.version)
            #expect(found.sealedThrough == Position(rawValue: 1_200))
            #expect(found.segments == 1)
            #expect(found.frames == 21)
            #expect(found.streams == 8)
            #expect(found.checkpoints == 1)
            #expect(found.newestCheckpoint == writer.head.position)
            #expect(found.producers == 1)
            #expect(found.readers == 0)
            #expect(found.mapBytes == 1 << 30)
            #expect(found.reserveBytes == UInt64(LedgerLimits.reserveBytes))
            #expect(found.parts.leaves == 1_200 * 32)
            // What the frames hold, four bytes an event, and the segment's, compressed.
            #expect(found.parts.payload > 801 * 4)
            #expect(found.parts.free > 0)
            #expect(found.parts.total <= found.fileBytes)
        }
    }

    @Test func aReaderInAClosureIsCounted() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.appendAndWait(batch(3))
            var counts: [Int] = []
            try writer.reader.read { _ in
                counts.append(try writer.reader.statistics().readers)
                return .stop
            }
            #expect(counts == [1])
        }
    }

    @Test func anEmptyLedgerHasNothingToCount() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let found = try writer.reader.statistics()
            #expect(found.streams == 0 && found.segments == 0 && found.frames == 0)
            #expect(found.newestCheckpoint == nil && found.producers == 0)
        }
    }
}
