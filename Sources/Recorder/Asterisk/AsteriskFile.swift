/// A file in Asterisk's language: sections of `key = value` lines.
///
/// `;` begins a comment and `;-- --;` holds one of several lines; `[name](!)` is a template, and
/// `[name](other)` begins with what `other` has.
struct AsteriskFile {
    struct Entry: Hashable {
        var key: String
        var value: String
        var line: Int
    }

    struct Section {
        var name: String
        var line: Int
        var isTemplate = false
        var entries: [Entry] = []

        /// The key's last value, as Asterisk takes it; `nil` for none and for an empty one.
        subscript(key: String) -> String? {
            entries.last { $0.key == key && !$0.value.isEmpty }?.value
        }

        func all(_ key: String) -> [Entry] { entries.filter { $0.key == key } }
    }

    private(set) var sections: [Section] = []
    /// Lines that name other files.
    private(set) var includes: [Entry] = []
    private var isInComment = false

    init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() { take(line, number: index + 1) }
    }

    private mutating func take(_ line: Substring, number: Int) {
        let text = Self.trimmed(uncommented(line))
        if text.hasPrefix("#") {
            let words = text.dropFirst().split(separator: " ", maxSplits: 1)
            let file = words.count > 1 ? String(words[1]) : ""
            includes.append(Entry(key: String(words.first ?? ""), value: file, line: number))
        } else if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            begin(
                String(text[text.index(after: text.startIndex)..<close]),
                Self.options(text[text.index(after: close)...]), line: number)
        } else if let equals = text.firstIndex(of: "=") {
            var value = text[text.index(after: equals)...]
            if value.hasPrefix(">") { value = value.dropFirst() }
            let entry = Entry(
                key: Self.trimmed(text[..<equals]).lowercased(),
                value: String(Self.trimmed(value)), line: number)
            // Lines before the first section are a registration string by itself.
            if sections.isEmpty { begin("general", [], line: number) }
            sections[sections.count - 1].entries.append(entry)
        }
    }

    private mutating func begin(_ name: String, _ options: [String], line: Int) {
        var section = Section(name: name, line: line)
        for option in options {
            switch option {
            case "!": section.isTemplate = true
            case "+": break
            default:
                section.entries += sections.first { $0.name == option }?.entries ?? []
            }
        }
        sections.append(section)
    }

    /// `(!,base)` as its words.
    private static func options(_ text: Substring) -> [String] {
        let text = trimmed(text)
        guard text.hasPrefix("("), text.hasSuffix(")") else { return [] }
        return text.dropFirst().dropLast().split(separator: ",").map { String(trimmed($0)) }
    }

    /// What of a line is no comment. A semicolon that is meant has a backslash before it.
    private mutating func uncommented(_ line: Substring) -> Substring {
        var text = line
        if isInComment {
            guard let end = text.firstRange(of: "--;") else { return "" }
            isInComment = false
            text = text[end.upperBound...]
        }
        var kept = ""
        var rest = text
        while let mark = rest.firstIndex(of: ";") {
            let before = rest[..<mark]
            if before.last == "\\" {
                kept += before.dropLast() + ";"
                rest = rest[rest.index(after: mark)...]
                continue
            }
            kept += before
            let after = rest[rest.index(after: mark)...]
            guard after.hasPrefix("--"), !after.hasPrefix("---") else { return kept[...] }
            guard let end = after.firstRange(of: "--;") else {
                isInComment = true
                return kept[...]
            }
            rest = after[end.upperBound...]
        }
        return (kept + rest)[...]
    }

    static func trimmed(_ text: some StringProtocol) -> Substring {
        var text = Substring(text)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
