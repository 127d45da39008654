import Foundation
import TestSupport
import Testing

/// What `tools/fuzz` found, and what it must find.
@Suite struct FuzzCasesTests {
    @Test(arguments: FuzzTarget.allCases)
    func foundCasesBreakNothingAnyMore(target: FuzzTarget) throws {
        for (name, input) in try Self.cases(of: target) {
            #expect(throws: Never.self, "\(name)") { try target.check(input) }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func nothingAndNoiseBreakNoTarget(target: FuzzTarget) {
        let seed = Seed(for: "nothingAndNoiseBreakNoTarget")
        var random = seed.generator()
        for length in [0, 1, 2, 3, 40, 400, 4_000] {
            let noise = random.bytes(length)
            #expect(throws: Never.self, "\(length), \(seed)") { try target.check(noise) }
        }
    }

    @Test func thePlantedBugIsOne() {
        #expect(throws: BrokenProperty.self) {
            try FuzzTarget.canary.check(Array("SIP:".utf8) + [255])
        }
    }

    private static func cases(of target: FuzzTarget) throws -> [(String, [UInt8])] {
        let folder = "\(Places.packageRoot)/Tests/FuzzTests/Cases/\(target.rawValue)"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            (name, Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))))
        }
    }
}
