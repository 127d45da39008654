import Foundation
import TestSupport

/// One file of the repository, with its path relative to the package root.
struct SourceFile {
    let path: String
    let lines: [String]
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = path.hasSuffix(".swift") ? MaskedSource(text).lines : lines
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var name: String { String(path.split(separator: "/").last ?? "") }
    var stem: String { String(name.split(separator: ".").first ?? "") }

    /// The files a rule may speak of: what the repository holds, never build products.
    static func all(under root: String = Places.packageRoot) -> [SourceFile] {
        let tops = ["Package.swift", "Sources", "Tests", "tools", ".ci"]
        let pages = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return (tops + pages.filter { $0.hasSuffix(".md") }.sorted())
            .flatMap { paths(under: $0, in: root) }
            .compactMap { path in
                guard let data = FileManager.default.contents(atPath: "\(root)/\(path)"),
                    let text = String(data: data, encoding: .utf8)
                else { return nil }
                return SourceFile(path: path, text: text)
            }
    }

    private static func paths(under top: String, in root: String) -> [String] {
        var isDirectory: ObjCBool = false
        let path = "\(root)/\(top)"
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return []
        }
        guard isDirectory.boolValue else { return [top] }
        let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return below.filter { !isGenerated($0) }.sorted().map { "\(top)/\($0)" }
    }

    private static func isGenerated(_ path: String) -> Bool {
        path.split(separator: "/").contains { $0.hasPrefix(".build") || $0 == "__pycache__" }
    }
}

/// What a rule has to say about a line.
struct Finding: CustomStringConvertible, Equatable {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}
