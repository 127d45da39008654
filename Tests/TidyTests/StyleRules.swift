import Foundation

/// The rules of shape: what keeps every page of the code readable on one screen.
enum StyleRules {
    static let columnsMax = 100
    static let fileLinesMax = 500
    static let functionLinesMax = 70

    static let all: [@Sendable (SourceFile) -> [Finding]] = [
        columns, fileLength, functionLength, leftovers, force, machinePaths, reasons, names,
        foundation,
    ]

    static func columns(_ file: SourceFile) -> [Finding] {
        guard file.isSwift || file.isScript else { return [] }
        return eachLine(file.lines, of: file) { line in
            line.count > columnsMax ? "\(line.count) columns, \(columnsMax) at most" : nil
        }
    }

    static func fileLength(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.lines.count > fileLinesMax else { return [] }
        let message = "\(file.lines.count) lines, fewer than \(fileLinesMax): split by concept"
        return [Finding(path: file.path, line: 1, message: message)]
    }

    static func functionLength(_ file: SourceFile) -> [Finding] {
        guard file.isSwift else { return [] }
        return FunctionSpan.all(in: file.code).compactMap { span in
            guard span.lines > functionLinesMax else { return nil }
            let message = "a function of \(span.lines) lines, \(functionLinesMax) at most"
            return Finding(path: file.path, line: span.first, message: message)
        }
    }

    /// The words are put together here, so that this file does not report itself.
    static func leftovers(_ file: SourceFile) -> [Finding] {
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        return eachLine(file.lines, of: file) { line in
            words.first { contains(line, word: $0) }.map { "\($0): do it or drop it" }
        }
    }

    static func force(_ file: SourceFile) -> [Finding] {
        guard file.isSwift else { return [] }
        return eachLine(file.code, of: file) { line in
            for word in ["try" + "!", "as" + "!"] where containsForce(line, word) {
                return "\(word) turns a recoverable error into a crash without a word"
            }
            return nil
        }
            + eachLine(file.lines, of: file) { line in
                line.contains("-Oun" + "checked") ? "removes our own preconditions" : nil
            }
    }

    static func machinePaths(_ file: SourceFile) -> [Finding] {
        let folders = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
        return eachLine(file.lines, of: file) { line in
            folders.first { beginsPath(line, $0) }.map { "a path of one machine: \($0)" }
        }
    }

    /// What switches a check off says why, on its own line or on the one above.
    static func reasons(_ file: SourceFile) -> [Finding] {
        guard file.isSwift else { return [] }
        let marks = ["@unchecked Sendable", "@inlinable", "nonisolated(unsafe)"]
        return file.code.indices.compactMap { index in
            guard let mark = marks.first(where: file.code[index].contains) else { return nil }
            let above = index > 0 ? file.lines[index - 1].trimmingCharacters(in: .whitespaces) : ""
            if file.lines[index].contains("//") || above.hasPrefix("//") { return nil }
            return Finding(path: file.path, line: index + 1, message: "say why \(mark) is right")
        }
    }

    /// A file is named for its one concept.
    static func names(_ file: SourceFile) -> [Finding] {
        let vague = ["Util", "Manager", "Helper", "Misc", "Common", "Stuff"]
        guard let word = vague.first(where: { file.stem.contains($0) }) else { return [] }
        return [Finding(path: file.path, line: 1, message: "\(word) names no concept")]
    }

    /// Foundation costs start-up time and reference counting: the command line and tests only.
    static func foundation(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.path.hasPrefix("Sources/") else { return [] }
        return eachLine(file.code, of: file) { line in
            let name = ImportRules.importedModule(line)
            return name?.hasPrefix("Foundation") == true ? "no \(name ?? "") in Sources" : nil
        }
    }

    private static func eachLine(
        _ lines: [String], of file: SourceFile, _ check: (String) -> String?
    ) -> [Finding] {
        lines.enumerated().compactMap { index, line in
            check(line).map { Finding(path: file.path, line: index + 1, message: $0) }
        }
    }

    private static func isWord(_ character: Character?) -> Bool {
        guard let character else { return false }
        return character.isLetter || character.isNumber || character == "_"
    }

    private static func contains(_ line: String, word: String) -> Bool {
        line.ranges(of: word).contains { range in
            !isWord(line[..<range.lowerBound].last) && !isWord(line[range.upperBound...].first)
        }
    }

    private static func containsForce(_ line: String, _ word: String) -> Bool {
        line.ranges(of: word).contains { range in
            !isWord(line[..<range.lowerBound].last) && line[range.upperBound...].first != "="
        }
    }

    private static func beginsPath(_ line: String, _ folder: String) -> Bool {
        line.ranges(of: folder).contains { range in
            let before = line[..<range.lowerBound].last
            return !isWord(before) && before != "." && before != "/" && before != "}"
        }
    }
}

extension SourceFile {
    /// The programs of `tools/` and `.ci/` that are not Swift.
    var isScript: Bool { lines.first?.hasPrefix("#!") == true }
}
