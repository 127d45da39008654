import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct SmallFileTests {
    @Test func aFileIsReplacedAsAWhole() throws {
        try withTemporaryDirectory { path in
            let file = "\(path)/file"
            #expect(try SmallFile.read(file, limit: 9) == nil)
            // As a crash would leave it.
            try Data([9]).write(to: URL(fileURLWithPath: SmallFile.unfinished(file)))
            try SmallFile.replace(file, with: [1, 2, 3], mode: 0o644)
            #expect(try SmallFile.read(file, limit: 3) == [1, 2, 3])
            #expect(refusal { _ = try SmallFile.read(file, limit: 2) } == .tooLarge)
            try SmallFile.replace(file, with: [], mode: 0o644)
            #expect(try SmallFile.read(file, limit: 0) == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["file"])
        }
    }

    @Test func aFileThatIsThereIsNotMadeAgain() throws {
        try withTemporaryDirectory { path in
            let file = "\(path)/file"
            try SmallFile.create(file, with: [1], mode: 0o600)
            #expect(
                refusal { try SmallFile.create(file, with: [2], mode: 0o600) }
                    == .io(errno: EEXIST))
            #expect(try SmallFile.read(file, limit: 9) == [1])
        }
    }
}
