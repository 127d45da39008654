/// Where a function with a body begins and how many lines it takes, signature and braces included.
struct FunctionSpan: Equatable {
    let first: Int
    let lines: Int

    /// All functions, initialisers and subscripts in masked code, nested ones too.
    static func all(in code: [String]) -> [FunctionSpan] {
        code.indices.compactMap { index in
            declares(code[index]) ? measure(code, from: index) : nil
        }
    }

    private static func declares(_ line: String) -> Bool {
        let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
        guard let at = words.firstIndex(where: { openers.contains($0) }) else { return false }
        return words[..<at].allSatisfy { modifiers.contains($0) || line.contains("@\($0)") }
    }

    private static let openers: Set<Substring> = ["func", "init", "deinit", "subscript"]
    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "private", "fileprivate", "static", "class", "final",
        "override", "mutating", "nonmutating", "consuming", "borrowing", "required", "convenience",
        "nonisolated", "isolated", "unsafe", "indirect", "prefix", "postfix", "infix", "open",
        "async", "throws", "always", "never", "copy",
    ]

    /// Finds the body's braces; a requirement of a protocol has none and is no function.
    private static func measure(_ code: [String], from start: Int) -> FunctionSpan? {
        var parentheses = 0
        var braces = 0
        for index in start..<code.count {
            if index > start, braces == 0, parentheses == 0, declares(code[index]) { return nil }
            for character in code[index] {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{" where parentheses == 0 || braces > 0: braces += 1
                case "}" where parentheses == 0 || braces > 0:
                    braces -= 1
                    if braces == 0 {
                        return FunctionSpan(first: start + 1, lines: index - start + 1)
                    }
                    if braces < 0 { return nil }
                default: break
                }
            }
        }
        return nil
    }
}
