import TestSupport
import Testing

/// The repository's own text, held to its rules.
@Suite struct TidyTests {
    let files = SourceFile.all()

    @Test func repositoryIsRead() {
        #expect(files.contains { $0.path == "Package.swift" })
        #expect(files.contains { $0.path == "Tests/TidyTests/TidyTests.swift" })
        #expect(files.contains { $0.path.hasPrefix("Sources/Ledger/") })
    }

    @Test func modulesImportOnlyWhatTheyMay() {
        report(files.flatMap(ImportRules.check))
    }

    @Test func styleHolds() {
        report(StyleRules.all.flatMap { rule in files.flatMap(rule) })
    }

    @Test func testsMirrorTheSources() {
        report(MirrorRules.check(files))
    }

    private func report(_ findings: [Finding]) {
        for finding in findings { Issue.record("\(finding)") }
    }
}
