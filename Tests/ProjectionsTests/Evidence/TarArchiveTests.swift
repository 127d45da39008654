import Foundation
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct TarArchiveTests {
    private func archive(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
        var archive = TarArchive(modified: WallInstant(nanoseconds: 1_795_356_000_000_000_000))
        for file in files { archive.add(file.name, file.content) }
        archive.finish()
        return archive.bytes
    }

    @Test func anotherTarUnpacksIt() async throws {
        let longest = String(repeating: "a", count: 100)
        let files: [(name: String, content: [UInt8])] = [
            ("pack/empty", []), ("pack/one", [7]), ("pack/block", Array(repeating: 1, count: 512)),
            ("pack/more", Array(repeating: 2, count: 513)), (longest, Array("text\n".utf8)),
        ]
        try await withProcesses { scope in
            let path = "\(scope.directory)/a.tar"
            try Data(archive(files)).write(to: URL(fileURLWithPath: path))
            let outcome = try await scope.run("/bin/tar", ["-xf", path])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            for file in files {
                let content = FileManager.default.contents(
                    atPath: "\(scope.directory)/\(file.name)")
                #expect(content == Data(file.content), "\(file.name)")
            }
            let listing = try await scope.run(
                "/bin/tar", ["--utc", "-tvf", path, "pack/one"], environment: ["LC_ALL": "C"])
            #expect(listing.output == "-rw-r--r-- 0/0               1 2026-11-22 14:00 pack/one\n")
        }
    }

    @Test func theSameFilesAreTheSameBytes() {
        let files: [(name: String, content: [UInt8])] = [("a", [1, 2, 3])]
        #expect(archive(files) == archive(files))
        #expect(archive(files).count == 4 * 512)
    }
}
