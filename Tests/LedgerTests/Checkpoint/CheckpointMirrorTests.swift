import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct CheckpointMirrorTests {
    /// The log is whole and sound as it was before; of what came after, only the file beside it
    /// knows.
    @Test func aMetaPageFlippedBackToAnOlderRootIsFound() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let file = URL(fileURLWithPath: "\(ledger)/log/data.mdb")
            let writer = try LedgerWriter.open(ledger)
            let key = try writer.signingKey()
            try writer.appendAndWait(batch(3))
            _ = try writer.checkpoint(with: key)
            let older = try newestMeta(Data(contentsOf: file))
            // Pinned, so that nothing the older root leads to is written over.
            let later = try writer.reader.lease.environment.withSnapshot { _ in
                Result {
                    try writer.appendAndWait(batch(2))
                    return try writer.checkpoint(with: key)
                }
            }.get()
            #expect(later.checkpoint.size == 5)
            writer.close()
            #expect(try LedgerReader.open(ledger).verify().isSound)

            let newest = try newestMeta(Data(contentsOf: file))
            try write(older.record, at: newest.offset, of: file)
            try FileManager.default.removeItem(atPath: "\(ledger)/head")
            let reader = try LedgerReader.open(ledger)
            #expect(try reader.all().count == 3)
            let faults = try reader.verify().faults
            let position = Position(rawValue: 5)
            #expect(
                Set(faults) == [
                    VerifyFault(position: position, cause: .checkpoint(size: 5, .unrecorded)),
                    VerifyFault(position: position, cause: .checkpoint(size: 5, .beyond)),
                ])
        }
    }

    /// Where the newest meta page keeps the record of its main tree (`mm_dbs[MAIN_DBI]`), and the
    /// record.
    private func newestMeta(_ data: Data) throws -> (offset: Int, record: Data) {
        let bytes = [UInt8](data)
        let newer = try MetaPage.both(bytes.span.bytes).newer
        let offset = Int(newer.commit & 1) * newer.pageBytes + 88
        return (offset, data[offset..<offset + TreeRecord.byteCount])
    }

    private func write(_ bytes: Data, at offset: Int, of file: URL) throws {
        let handle = try FileHandle(forUpdating: file)
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: bytes)
    }
}
