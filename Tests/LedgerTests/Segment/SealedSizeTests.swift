import TestSupport
import Testing

@testable import Ledger

@Suite struct SealedSizeTests {
    @Test func thePartsAddUpToThePieces() throws {
        let seed = Seed(for: "thePartsAddUpToThePieces")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(try writer.reader.sealedSize() == SealedSize())
            for _ in 0..<3 {
                for _ in 0..<6 { try writer.appendAndWait(oddBatch(&generator)) }
                try writer.seal()
            }
            let size = try writer.reader.sealedSize()
            let sealed = try writer.seal()
            let events = try writer.reader.all(through: sealed)
            #expect(size.segments == 3)
            #expect(size.events == sealed.rawValue)
            #expect(size.payload == events.reduce(0) { $0 + UInt64($1.payload.count) }, "\(seed)")
            #expect(size.leaves == 32 * size.events)
            let pieces = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                var bytes: UInt64 = 0
                guard let tree = try snapshot.database(LedgerFormat.segmentsName) else {
                    return bytes
                }
                var cursor = PageCursor(tree)
                guard try cursor.seekFirst() else { return bytes }
                repeat { bytes += UInt64(try cursor.value().byteCount) } while try cursor.advance()
                return bytes
            }
            #expect(size.storedPayload + size.leaves + size.indexes == pieces, "\(seed)")
        }
    }
}
