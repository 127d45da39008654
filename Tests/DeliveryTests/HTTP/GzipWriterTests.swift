import Foundation
import TestSupport
import Testing

@testable import Delivery

@Suite struct GzipWriterTests {
    private let seed = Seed(for: "GzipWriterTests")

    private func gzip(_ pieces: [[UInt8]]) -> [UInt8] {
        var writer = GzipWriter()
        for piece in pieces { writer.append(piece) }
        return writer.finish()
    }

    @Test func gzipReadsBackWhatWasWritten() async throws {
        var random = seed.generator()
        // What does not compress fills the room that the writer lends zlib more than once.
        let sizes = [0, 1, 70_000, 200_000]
        let pieces = sizes.map { random.bytes($0).map { $0 % 26 + 97 } } + [[]]
        try await withProcesses { scope in
            let path = "\(scope.directory)/text.gz"
            try Data(gzip(pieces)).write(to: URL(fileURLWithPath: path))
            let outcome = try await scope.run("/bin/gzip", ["-dc", path])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            #expect(Array(outcome.output.utf8) == pieces.flatMap { $0 }, "\(seed)")
        }
        #expect(gzip(pieces) == gzip(pieces))
        #expect(!gzip([]).isEmpty)
    }
}
