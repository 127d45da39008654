import Glibc
import TestSupport
import Testing

@testable import Ledger

@Suite struct CommitterJobTests {
    private static let name = "notes"

    /// Puts one value, or takes one out.
    private static func put(
        _ key: UInt8, _ value: [UInt8]
    ) -> @Sendable (borrowing WriteTransaction) throws(DatabaseError) -> Void {
        { transaction throws(DatabaseError) in
            let notes = try transaction.open(name)
            try transaction.put([key], value, in: notes)
        }
    }

    private static func value(_ key: UInt8, _ reader: LedgerReader) throws -> [UInt8]? {
        try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            let key = [key]
            return try snapshot.database(name)?.value(of: key.span.bytes)?.array
        }
    }

    @Test func jobsRunBetweenFrames() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for key in UInt8(0)..<20 {
                writer.append(batch(3)) { _ in }
                try writer.performAndWait(Self.put(key, [key, 1]))
            }
            try writer.performAndWait { transaction throws(DatabaseError) in
                let notes = try transaction.open(Self.name)
                for key in UInt8(0)..<10 { try transaction.delete([key], from: notes) }
            }
            writer.close()
            #expect(try Self.value(9, writer.reader) == nil)
            #expect(try Self.value(10, writer.reader) == [10, 1])
            #expect(try writer.reader.all().count == 60)
            #expect(try LedgerReader.open("\(path)/ledger").verify().isSound)
        }
    }

    @Test func aJobThatThrowsLeavesNothing() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.performAndWait(Self.put(1, [1]))
            let code = refusal {
                try writer.performAndWait { transaction throws(DatabaseError) in
                    try Self.put(2, [2])(transaction)
                    try transaction.delete([9], from: transaction.open(Self.name))
                }
            }
            #expect(code == .database(code: -30_798))  // MDB_NOTFOUND
            #expect(try Self.value(2, writer.reader) == nil)
            #expect(
                refusal {
                    try writer.performAndWait { _ throws(DatabaseError) in
                        throw DatabaseError(code: ENOSPC)
                    }
                } == .diskFull)
            try writer.appendAndWait(batch(1))
            #expect(writer.head.position == .first)
        }
    }

    @Test func aJobAfterTheEndIsRefused() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            writer.close()
            #expect(refusal { try writer.performAndWait(Self.put(1, [1])) } == .closed)
        }
    }
}

extension LedgerWriter {
    /// Runs a job from a thread that may block.
    func performAndWait(
        _ body: @escaping @Sendable (borrowing WriteTransaction) throws(DatabaseError) -> Void
    ) throws {
        try jobs.performAndWait(byteCount: 4_096, body)
    }
}
