import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct DataFileTests {
    @Test func aMetaPageWrittenAgainIsTheSame() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let file = URL(fileURLWithPath: "\(ledger)/log/\(DataFile.name)")
            // One commit more, so that either meta page is the newer one.
            for count in 1...2 {
                let writer = try LedgerWriter.open(ledger)
                try writer.appendAndWait(batch(count))
                writer.close()
                let before = try Data(contentsOf: file)
                try DataFile.rewriteMeta(in: "\(ledger)/log")
                #expect(try Data(contentsOf: file) == before)
            }
            try Data(repeating: 7, count: 8_192).write(to: file)
            #expect(throws: LedgerError.self) { try DataFile.rewriteMeta(in: "\(ledger)/log") }
        }
    }
}
