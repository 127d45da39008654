extension InvoiceTemplate {
    /// The template as a file: what a guess is kept and corrected in.
    public var text: String {
        var lines = ["name: \(name)"]
        let mark = Unicode.Scalar(delimiter)
        if mark != "," { lines.append("delimiter: \(mark == "\t" ? "tab" : String(mark))") }
        if !hasHeader { lines.append("header: no") }
        for field in Field.allCases {
            guard let alternatives = columns[field] else { continue }
            let texts = alternatives.map { $0.map(\.description).joined(separator: " + ") }
            lines.append("\(field.rawValue): \(texts.joined(separator: " | "))")
        }
        lines.append("dates: \(dates.rawValue)")
        lines.append("unit: \(unit.rawValue)")
        if decimalMark == UInt8(ascii: ",") { lines.append("decimal: ,") }
        if let zoneSeconds {
            let minutes = abs(zoneSeconds) / 60
            let two = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
            let sign = zoneSeconds < 0 ? "-" : "+"
            lines.append("zone: \(sign)\(two(minutes / 60)):\(two(minutes % 60))")
        }
        if let currency { lines.append("currency: \(currency)") }
        return (lines + numbers.templateLines + selectionLines).joined(separator: "\n") + "\n"
    }

    private var selectionLines: [String] {
        var lines = skipped.isEmpty ? [] : ["skip: \(skipped.joined(separator: " | "))"]
        if let only {
            lines.append("only: \(only.column) = \(only.texts.joined(separator: " | "))")
        }
        return lines
    }
}

extension NumberPlan {
    fileprivate var templateLines: [String] {
        let text = { (prefixes: [[UInt8]]) in
            prefixes.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        }
        var lines: [String] = []
        if !country.isEmpty { lines.append("country: \(text([country]))") }
        if international != NumberPlan().international, !international.isEmpty {
            lines.append("international: \(text(international))")
        }
        if let trunkPrefix { lines.append("trunk_prefix: \(text([trunkPrefix]))") }
        if !techPrefixes.isEmpty { lines.append("tech_prefix: \(text(techPrefixes))") }
        return lines
    }
}
