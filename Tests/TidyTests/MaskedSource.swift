/// Swift text with comments and string literals blanked out, so that a rule sees only code.
/// Line breaks stay, so a line's number and length do not change.
struct MaskedSource {
    let lines: [String]

    init(_ text: String) {
        var masker = Masker(Array(text.unicodeScalars))
        masker.run()
        var masked = String.UnicodeScalarView()
        masked.append(contentsOf: masker.output)
        lines = String(masked).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }
}

/// A scanner with as much of Swift's lexical grammar as blanking needs: line and nested block
/// comments, plain, multi-line and raw strings. Interpolated code counts as part of its string.
private struct Masker {
    private let input: [Unicode.Scalar]
    private var index = 0
    private(set) var output: [Unicode.Scalar] = []

    init(_ input: [Unicode.Scalar]) { self.input = input }

    mutating func run() {
        while index < input.count {
            if starts("//") {
                while index < input.count, input[index] != "\n" { blank() }
            } else if starts("/*") {
                blankBlockComment()
            } else if let fence = stringFence() {
                blankString(hashes: fence.hashes, quotes: fence.quotes)
            } else {
                output.append(input[index])
                index += 1
            }
        }
    }

    private func starts(_ word: String, at offset: Int = 0) -> Bool {
        let start = index + offset
        let scalars = Array(word.unicodeScalars)
        guard start + scalars.count <= input.count else { return false }
        return scalars.indices.allSatisfy { input[start + $0] == scalars[$0] }
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where index < input.count {
            output.append(input[index] == "\n" ? "\n" : " ")
            index += 1
        }
    }

    private mutating func blankBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank(2)
            } else if starts("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && index < input.count
    }

    private func stringFence() -> (hashes: Int, quotes: Int)? {
        var hashes = 0
        while index + hashes < input.count, input[index + hashes] == "#" { hashes += 1 }
        if starts("\"\"\"", at: hashes) { return (hashes, 3) }
        if starts("\"", at: hashes) { return (hashes, 1) }
        return nil
    }

    private mutating func blankString(hashes: Int, quotes: Int) {
        let hash = String(repeating: "#", count: hashes)
        let close = String(repeating: "\"", count: quotes) + hash
        let escape = "\\" + hash
        blank(hashes + quotes)
        while index < input.count, !starts(close) {
            if starts(escape + "(") {
                blank(escape.unicodeScalars.count)
                blankInterpolation()
            } else if starts(escape) {
                blank(escape.unicodeScalars.count + 1)
            } else {
                blank()
            }
        }
        blank(close.unicodeScalars.count)
    }

    private mutating func blankInterpolation() {
        var depth = 0
        repeat {
            if let fence = stringFence() {
                blankString(hashes: fence.hashes, quotes: fence.quotes)
                continue
            }
            if input[index] == "(" { depth += 1 }
            if input[index] == ")" { depth -= 1 }
            blank()
        } while depth > 0 && index < input.count
    }
}
