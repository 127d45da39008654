import Testing

/// Each rule finds the fault that it is there for, and nothing in code without it.
@Suite struct CanaryTests {
    @Test(arguments: [
        ("Sources/SIPAgent/Call.swift", "import Ledger"),
        ("Sources/SIPAgent/Call.swift", "public import struct Ledger.Envelope"),
        ("Sources/Ledger/Frame.swift", "internal import TrunkEvents"),
        ("Sources/Projections/Fold.swift", "import SIPAgent"),
        ("Sources/TrunkEvents/Instant.swift", "import Glibc"),
        ("Sources/SIPAgent/Core/Timer.swift", "import NIOCore"),
        ("Sources/SIPAgent/Core/Timer.swift", "let now = ContinuousClock.now"),
        ("Sources/SIPAgent/Core/Timer.swift", "let tag = UInt64.random(in: 0...9)"),
        ("Sources/SIPAgent/Core/Timer.swift", "let now = time(nil)"),
        ("Sources/Recorder/Boot.swift", "import CLMDB"),
        ("Sources/NewModule/New.swift", "let one = 1"),
    ])
    func importRulesFind(path: String, line: String) {
        #expect(ImportRules.check(SourceFile(path: path, text: line)).count == 1)
    }

    @Test(arguments: [
        ("Sources/SIPAgent/Call.swift", "public import TrunkEvents"),
        ("Sources/SIPAgent/Core/Via.swift", "let time = event.time(at: 3)"),
        ("Sources/SIPAgent/Core/Via.swift", "let x = Int.random(in: 0...9, using: &entropy)"),
        ("Sources/SIPAgent/Core/Via.swift", "// import NIOCore"),
        ("Sources/Ledger/Frame.swift", "let text = \"import TrunkEvents\""),
        ("tools/trunkledger/Status.swift", "import Ledger"),
    ])
    func importRulesLeaveAlone(path: String, line: String) {
        #expect(ImportRules.check(SourceFile(path: path, text: line)) == [])
    }

    @Test(arguments: [
        String(repeating: "x", count: 101),
        "// TO" + "DO later",
        "let value = try" + "! parse()",
        "let value = other as" + "! Int",
        ".unsafeFlags([\"-Oun" + "checked\"])",
        "let path = \"/wo" + "rk/main\"",
        "final class Box: @unchecked Sendable {}",
        "@inlinable func f() {}",
        "nonisolated(unsafe) var count = 0",
        "import Foundation",
    ])
    func styleRulesFind(line: String) {
        let file = SourceFile(path: "Sources/Ledger/Frame.swift", text: line)
        #expect(StyleRules.all.flatMap { $0(file) }.count == 1)
    }

    @Test(arguments: [
        "let value = try parse(\"TO\")",
        "let isOther = first != second",
        "final class Box: @unchecked Sendable {}  // its state is behind a lock",
        "// the fold is specialised in other modules\n@inlinable func f() {}",
        "let path = \"../shared/work/x\"",
    ])
    func styleRulesLeaveAlone(text: String) {
        let file = SourceFile(path: "Sources/Ledger/Frame.swift", text: text)
        #expect(StyleRules.all.flatMap { $0(file) } == [])
    }

    @Test func longFilesAreFound() {
        let text = String(repeating: "\n", count: 500)
        let file = SourceFile(path: "Sources/Ledger/Frame.swift", text: text)
        #expect(StyleRules.fileLength(file).count == 1)
    }

    @Test(arguments: ["StringUtils", "CallManager", "Helpers", "Misc"])
    func vagueNamesAreFound(stem: String) {
        let file = SourceFile(path: "Sources/Ledger/\(stem).swift", text: "")
        #expect(StyleRules.names(file).count == 1)
    }

    @Test func longFunctionsAreFound() {
        let body = String(repeating: "    let brace = \"}\"\n", count: 69)
        let text = "func long(\n    _ x: Int = [1].map { $0 }[0]\n) {\n\(body)}\nfunc short() {}\n"
        let file = SourceFile(path: "Sources/Ledger/Frame.swift", text: text)
        #expect(FunctionSpan.all(in: file.code).map(\.lines) == [73, 1])
        #expect(StyleRules.functionLength(file).map(\.line) == [1])
    }

    @Test func requirementsAreNoFunctions() {
        let text = "protocol P {\n    func a()\n    init(x: Int)\n}\nfunc b() {\n}\n"
        let file = SourceFile(path: "Sources/Ledger/P.swift", text: text)
        #expect(FunctionSpan.all(in: file.code) == [FunctionSpan(first: 5, lines: 2)])
    }

    @Test func testsWithoutSubjectAreFound() {
        let files = [
            SourceFile(path: "Sources/Ledger/Frame.swift", text: ""),
            SourceFile(path: "Sources/Ledger/Segment/Posting.swift", text: ""),
            SourceFile(path: "Tests/LedgerTests/FrameTests.swift", text: ""),
            SourceFile(path: "Tests/LedgerTests/Segment/SealingTests.swift", text: ""),
            SourceFile(path: "Tests/LedgerTests/GhostTests.swift", text: ""),
            SourceFile(path: "Sources/Bare/Bare.swift", text: ""),
        ]
        #expect(
            MirrorRules.check(files).map(\.path) == [
                "Tests/BareTests", "Tests/LedgerTests/GhostTests.swift",
            ])
    }

    @Test func maskingKeepsCodeOnly() {
        let text = "let a = #\"x \"y\" // z\"# + \"\\(f(\")\"))\" /* b /* c */ d */ + e // g\nlet h"
        #expect(MaskedSource(text).lines.map { $0.filter { $0 != " " } } == ["leta=++e", "leth"])
    }
}
