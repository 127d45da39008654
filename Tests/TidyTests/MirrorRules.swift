/// Tests mirror the sources: `Tests/LedgerTests/FrameTests.swift` tests `Sources/Ledger/**/Frame*`,
/// and a test that speaks of a whole folder of the sources lies in a folder of the same name.
enum MirrorRules {
    static func check(_ files: [SourceFile]) -> [Finding] {
        let sources = files.filter { $0.isSwift && $0.path.hasPrefix("Sources/") }
        let modules = Set(sources.compactMap { moduleName($0.path) }).sorted()
        return modules.flatMap { module in
            check(
                module,
                sources: sources.filter { moduleName($0.path) == module },
                tests: files.filter { $0.path.hasPrefix("Tests/\(module)Tests/") })
        }
    }

    private static func check(
        _ module: String, sources: [SourceFile], tests: [SourceFile]
    ) -> [Finding] {
        guard !tests.isEmpty else {
            return [
                Finding(path: "Tests/\(module)Tests", line: 1, message: "\(module) has no tests")
            ]
        }
        let stems = Set(sources.map { String($0.stem.prefix { $0 != "+" }) })
        let folders = Set(sources.flatMap { foldersBelowModule($0.path) })
        return tests.filter { $0.stem.hasSuffix("Tests") }.compactMap { test in
            let subject = test.stem.dropLast("Tests".count)
            let isMirrored = stems.contains { subject.hasPrefix($0) || $0.hasPrefix(subject) }
            let isInFolder = !folders.isDisjoint(with: foldersBelowModule(test.path))
            if isMirrored || isInFolder || subject.hasPrefix(module) { return nil }
            let message = "no file of Sources/\(module) is named \(subject)"
            return Finding(path: test.path, line: 1, message: message)
        }
    }

    /// The folders between the module's and the file.
    private static func foldersBelowModule(_ path: String) -> [Substring] {
        path.split(separator: "/").dropFirst(2).dropLast()
    }

    private static func moduleName(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : nil
    }
}
