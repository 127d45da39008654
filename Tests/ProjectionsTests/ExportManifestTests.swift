import Testing
import TrunkEvents

@testable import Projections

@Suite struct ExportManifestTests {
    private let manifest = ExportManifest(
        node: ShortName("p/b\"x 1")!, sequence: 12, format: .csv, firstPosition: 1,
        lastPosition: 9, rowCount: 2, talkMilliseconds: 61_000, completeUntil: after(5),
        sha256: Digest(of: [1]), previousSHA256: nil)

    @Test func namesAreSafeAndNumbered() {
        #expect(manifest.fileName == "p_b_x_1-cdr-00000012.csv")
        #expect(manifest.manifestName == "p_b_x_1-cdr-00000012.manifest.json")
    }

    @Test func readsBackWhatItWrites() {
        var second = manifest
        second.previousSHA256 = Digest(of: [2])
        #expect(ExportManifest(json: manifest.json) == manifest)
        #expect(ExportManifest(json: second.json) == second)
    }

    @Test func everythingElseIsRefused() {
        let bytes = manifest.json
        for length in 0..<bytes.count {
            #expect(ExportManifest(json: Array(bytes[..<length])) == nil)
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x80
            #expect(ExportManifest(json: changed) == nil)
        }
    }
}
