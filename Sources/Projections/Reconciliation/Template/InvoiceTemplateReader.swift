import TrunkEvents

/// Reads a template: lines of `key: value`, with `#` before what is only for people.
struct InvoiceTemplateReader {
    private enum Key: String, CaseIterable {
        case name, delimiter, header, start, from, to, duration, unit, amount, rate, dates, zone
        case decimal, currency, country, international, trunkPrefix = "trunk_prefix"
        case techPrefix = "tech_prefix", skip, only
    }

    private let file: String
    private var template = InvoiceTemplate(name: "")
    private var seen: [Key: Int] = [:]
    private var problems: [InputProblem] = []

    static func template(_ bytes: [UInt8], file: String) throws(InputError) -> InvoiceTemplate {
        var reader = InvoiceTemplateReader(file: file)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() { reader.take(line, number: index + 1) }
        reader.checkWhole()
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        return reader.template
    }

    private init(file: String) {
        self.file = file
        template.name = file
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>, number line: Int) {
        let text = String(decoding: bytes, as: UTF8.self)
        let content = Self.trimmed(text[...])
        guard !content.isEmpty, !content.hasPrefix("#") else { return }
        guard let colon = text.firstIndex(of: ":") else {
            return report(line, 1, "'\(content)' is no 'key: value'")
        }
        let word = Self.trimmed(text[..<colon])
        let value = Self.trimmed(text[text.index(after: colon)...])
        guard let key = Key(rawValue: String(word)) else {
            let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
            return report(line, 1, "unknown key '\(word)'; a template has: \(known)")
        }
        if let earlier = seen.updateValue(line, forKey: key) {
            return report(line, 1, "a second '\(word)'; the first is on line \(earlier)")
        }
        guard !value.isEmpty else { return report(line, 1, "'\(word)' needs a value") }
        let column = text.utf8.distance(from: text.startIndex, to: value.startIndex) + 1
        if let mistake = set(key, String(value)) { report(line, column, mistake) }
    }

    /// What is wrong with the value, if anything.
    private mutating func set(_ key: Key, _ value: String) -> String? {
        switch key {
        case .name: template.name = value
        case .start, .from, .to, .duration, .amount, .rate: return setColumns(key, value)
        case .delimiter: return setDelimiter(value)
        case .header:
            guard value == "yes" || value == "no" else { return "a header is yes or no" }
            template.hasHeader = value == "yes"
        case .unit: return choose(value, \.unit)
        case .dates: return choose(value, \.dates)
        case .decimal:
            guard value == "." || value == "," else { return "the decimal mark is . or ," }
            template.decimalMark = value.utf8.first ?? UInt8(ascii: ".")
        case .currency:
            guard value.utf8.count == 3, let name = ShortName(value.uppercased()) else {
                return "'\(value)' is no currency; write it like USD"
            }
            template.currency = name
        case .zone:
            guard let zone = Self.zone(value) else {
                return "'\(value)' is no offset from UTC; write it like -05:00"
            }
            template.zoneSeconds = zone
        case .country, .international, .trunkPrefix, .techPrefix: return setNumbers(key, value)
        case .skip: template.skipped = Self.parts(value, "|")
        case .only: return setSelection(value)
        }
        return nil
    }

    private mutating func choose<Choice: RawRepresentable & CaseIterable>(
        _ value: String, _ path: WritableKeyPath<InvoiceTemplate, Choice>
    ) -> String? where Choice.RawValue == String {
        guard let choice = Choice(rawValue: value) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            return "'\(value)' is none of: \(known)"
        }
        template[keyPath: path] = choice
        return nil
    }

    private mutating func setDelimiter(_ value: String) -> String? {
        let names = ["comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"]
        let mark = names[value] ?? value
        guard mark.utf8.count == 1, let byte = mark.utf8.first, byte != 0x22 else {
            return "'\(value)' is no delimiter; it is comma, semicolon, tab, pipe or a character"
        }
        template.delimiter = byte
        return nil
    }

    private mutating func setColumns(_ key: Key, _ value: String) -> String? {
        guard let field = InvoiceTemplate.Field(rawValue: key.rawValue) else { return nil }
        var alternatives: [[InvoiceTemplate.Column]] = []
        for alternative in Self.parts(value, "|") {
            var columns: [InvoiceTemplate.Column] = []
            for part in field == .start ? Self.parts(alternative, " + ") : [alternative] {
                guard let column = Self.column(part) else { return Self.noColumn(part) }
                columns.append(column)
            }
            alternatives.append(columns)
        }
        template.columns[field] = alternatives
        return nil
    }

    private mutating func setSelection(_ value: String) -> String? {
        let sides = value.split(separator: "=", maxSplits: 1).map { String(Self.trimmed($0)) }
        guard sides.count == 2, let column = Self.column(sides[0]) else {
            return "'\(value)' selects nothing; write it like Direction = out|outbound"
        }
        let texts = Self.parts(sides[1], "|").map { $0.lowercased() }
        template.only = InvoiceTemplate.Selection(column: column, texts: texts)
        return nil
    }

    private mutating func setNumbers(_ key: Key, _ value: String) -> String? {
        let prefixes = value.split(separator: " ").map { Array($0.utf8) }
        for prefix in prefixes
        where !prefix.allSatisfy({
            (0x30...0x39).contains($0) || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "*")
        }) {
            return "'\(value)' are no digits"
        }
        switch key {
        case .country:
            guard prefixes.count == 1 else { return "there is one country code, like 1 or 44" }
            template.numbers.country = prefixes[0]
        case .international: template.numbers.international = prefixes
        case .trunkPrefix: template.numbers.trunkPrefix = prefixes.first
        default: template.numbers.techPrefixes = prefixes
        }
        return nil
    }

    /// What only the whole template can tell.
    private mutating func checkWhole() {
        for field in InvoiceTemplate.Field.allCases {
            if field.isRequired, template.columns[field] == nil, !has(field) {
                report(1, 1, "no '\(field.rawValue)': which column is it?")
            }
        }
        var owners: [InvoiceTemplate.Column: InvoiceTemplate.Field] = [:]
        for field in InvoiceTemplate.Field.allCases {
            for column in Set((template.columns[field] ?? []).joined()) {
                let line = Key(rawValue: field.rawValue).flatMap { seen[$0] } ?? 1
                if case .named = column, !template.hasHeader {
                    report(line, 1, "'\(column)' needs a header; without one columns are #1, #2")
                }
                if let other = owners.updateValue(field, forKey: column) {
                    report(
                        line, 1,
                        "column '\(column)' is '\(other.rawValue)' already; one meaning each")
                }
            }
        }
    }

    /// Whether the template names the field, be it wrongly.
    private func has(_ field: InvoiceTemplate.Field) -> Bool {
        Key(rawValue: field.rawValue).map { seen[$0] != nil } ?? false
    }

    private mutating func report(_ line: Int, _ column: Int, _ message: String) {
        problems.append(InputProblem(file: file, line: line, column: column, message))
    }

    private static func noColumn(_ text: String) -> String {
        "'\(text)' is no column; it is a name of the first line, or a number like #3"
    }

    private static func column(_ text: String) -> InvoiceTemplate.Column? {
        guard text.hasPrefix("#") else {
            let name = ColumnName.normalized(text.utf8)
            return name.isEmpty ? nil : .named(name)
        }
        guard let number = Int(text.dropFirst()), (1...1_000).contains(number) else { return nil }
        return .number(number)
    }

    /// `+02:00`, `-0500`, `UTC`.
    private static func zone(_ text: String) -> Int64? {
        var scanner = CivilScanner(Array(text.utf8)[...])
        guard let zone = scanner.zone(), scanner.isAtEnd else { return nil }
        return zone
    }

    private static func parts(_ text: String, _ separator: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(trimmed(rest[..<range.lowerBound])))
            rest = rest[range.upperBound...]
        }
        return parts + [String(trimmed(rest))]
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

extension InvoiceTemplate {
    /// - Throws: every mistake of the file.
    public init(_ bytes: [UInt8], file: String) throws(InputError) {
        self = try InvoiceTemplateReader.template(bytes, file: file)
    }
}
