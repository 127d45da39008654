import TestSupport
import Testing

@testable import Ledger

@Suite struct SegmentDamageTests {
    /// Events of two kinds in turn, so that a rank is no index.
    private func batch(_ count: Int) -> EventBatch {
        var batch = EventBatch()
        for index in 0..<UInt64(count) {
            var header = header(index)
            header.kind = EventKind(rawValue: UInt16(index % 2))
            batch.append(header, payload: [UInt8](repeating: UInt8(index & 255), count: 20))
        }
        return batch
    }

    /// Changes a byte of the last block of each section in `sections`, in a live segment.
    private func damage(_ sections: [SegmentSection], _ writer: LedgerWriter) throws {
        let changes = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            guard let segment = try snapshot.segment(holding: .first) else {
                throw .segment(.header)
            }
            var pieces: [UInt32: [UInt8]] = [:]
            for section in sections {
                guard let entry = segment.entries.last(where: { $0.section == section }) else {
                    throw .segment(.directory)
                }
                let number = segment.header.directoryPieces + 1 + entry.piece
                let stored = try segment.piece(number).array
                pieces[UInt32(number), default: stored][entry.offset] ^= 16
            }
            return pieces
        }
        try writer.performAndWait { transaction throws(DatabaseError) in
            let segments = try transaction.open(LedgerFormat.segmentsName)
            for (number, piece) in changes {
                try transaction.put(SegmentLayout.key(.first, piece: number), piece, in: segments)
            }
        }
    }

    private func fault(
        _ section: SegmentSection, from first: UInt64, through last: UInt64
    ) -> VerifyFault {
        VerifyFault(
            position: Position(rawValue: first),
            cause: .segment(.block(section, through: Position(rawValue: last))))
    }

    private func faults(after sections: [SegmentSection]) throws -> [VerifyFault] {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.appendAndWait(batch(5_000))
            try writer.appendAndWait(batch(3))
            try writer.seal()
            try damage(sections, writer)
            return try writer.reader.verify().faults
        }
    }

    @Test func everyDamagedBlockIsNamedByItsEvents() throws {
        // Two stripes of 2,048 and the rest; the last payloads are those of the second kind.
        let found = try faults(after: [.stripe, .leaves])
        #expect(
            found == [
                fault(.stripe, from: 4_097, through: 5_000),
                fault(.leaves, from: 4_097, through: 5_000),
            ])
    }

    @Test func payloadsAreNamedByTheEventsOfTheirKind() throws {
        let found = try faults(after: [.payload])
        #expect(found.count == 1)
        let only = try #require(found.first)
        #expect(only.cause == .segment(.block(.payload, through: Position(rawValue: 5_000))))
        // The second kind's are the events at even positions; the block begins with one of them.
        #expect(only.position.rawValue > 2 && only.position.rawValue % 2 == 0)
    }

    @Test func whatTellsOfAllEventsIsNamedByTheSegment() throws {
        for section in [SegmentSection.frames, .streams] {
            #expect(
                try faults(after: [section]) == [
                    fault(section, from: 1, through: 5_000)
                ])
        }
        // Without the lists of kinds, nobody knows whose payloads are damaged.
        #expect(
            try faults(after: [.kinds, .payload]) == [
                fault(.kinds, from: 1, through: 5_000),
                fault(.payload, from: 1, through: 5_000),
            ])
    }
}
