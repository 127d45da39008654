import TrunkEvents

/// Reads an invoice line by line as its template says.
struct InvoiceReader {
    /// 1970 to 2261, in milliseconds: any zone's shift of it is still a wall instant.
    private static let years: Range<Int64> = 0..<9_214_646_400_000

    private let file: String
    private let template: InvoiceTemplate
    private var columns: [InvoiceTemplate.Field: [Int]] = [:]
    private var selection: Int?
    /// Fields that a record needs.
    private var fieldsMin = 0
    private var isResolved = false
    private var problems: [InputProblem] = []
    private var total: Int64 = 0
    private(set) var summary = InvoiceSummary()

    init(file: String, template: InvoiceTemplate) {
        self.file = file
        self.template = template
    }

    /// Hands out the lines in the order of the file.
    ///
    /// - Throws: every mistake, up to ``InputError.problemsMax``; lines before it were handed out.
    static func forEachLine(
        of file: InputFile, _ template: InvoiceTemplate, _ body: (InvoiceLine) -> Void
    ) throws(InputError) -> InvoiceSummary {
        var reader = InvoiceReader(file: file.path, template: template)
        try file.forEachRecord(delimiter: template.delimiter) { (record) throws(InputProblem) in
            guard reader.problems.count < InputError.problemsMax else { return }
            try reader.take(record, body)
        }
        if reader.problems.isEmpty, reader.summary.lineCount == 0 {
            reader.problems.append(
                InputProblem(
                    file: file.path, line: 1, column: 1,
                    "no line of a call; is it the right file and template?"))
        }
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        return reader.summary
    }

    private mutating func take(
        _ record: borrowing CSVRecord, _ body: (InvoiceLine) -> Void
    ) throws(InputProblem) {
        guard isResolved else {
            try resolve(record)
            isResolved = true
            if template.hasHeader { return }
            return try take(record, body)
        }
        guard !isSkipped(record) else {
            summary.skippedCount += 1
            return
        }
        do throws(InputProblem) {
            let line = try line(record)
            try count(line, record)
            body(line)
        } catch {
            problems.append(error)
        }
    }

    /// - Throws: without its columns nothing that follows can be read.
    private mutating func resolve(_ record: borrowing CSVRecord) throws(InputProblem) {
        var names: [String: Int] = [:]
        let count = record.count
        if template.hasHeader {
            for index in 0..<record.count {
                let name = ColumnName.normalized(record[index])
                if names[name] == nil { names[name] = index }
            }
        }
        for field in InvoiceTemplate.Field.allCases {
            guard let alternatives = template.columns[field] else { continue }
            let found = alternatives.lazy.compactMap { Self.indexes($0, names, count) }.first
            guard let found else {
                if !field.isRequired, template.hasHeader { continue }
                let wanted = alternatives.map { $0.map(\.description).joined(separator: " + ") }
                throw record.problem(
                    file, 0,
                    "no column for '\(field.rawValue)': the template '\(template.name)' looks for "
                        + wanted.joined(separator: ", "))
            }
            columns[field] = found
            fieldsMin = max(fieldsMin, (found.max() ?? 0) + 1)
        }
        if let only = template.only {
            guard let index = Self.indexes([only.column], names, record.count)?.first else {
                throw record.problem(file, 0, "no column '\(only.column)', which 'only' needs")
            }
            selection = index
            fieldsMin = max(fieldsMin, index + 1)
        }
    }

    private static func indexes(
        _ columns: [InvoiceTemplate.Column], _ names: [String: Int], _ count: Int
    ) -> [Int]? {
        var indexes: [Int] = []
        for column in columns {
            switch column {
            case .named(let name):
                guard let index = names[name] else { return nil }
                indexes.append(index)
            case .number(let number):
                guard number <= count else { return nil }
                indexes.append(number - 1)
            }
        }
        return indexes
    }

    private func isSkipped(_ record: borrowing CSVRecord) -> Bool {
        if !template.skipped.isEmpty {
            let first = record.trimmed(0)
            if template.skipped.contains(where: { first.starts(with: $0.utf8) }) { return true }
        }
        guard let selection, let only = template.only, selection < record.count else {
            return false
        }
        return !only.texts.contains(record.text(selection).lowercased())
    }

    private func line(_ record: borrowing CSVRecord) throws(InputProblem) -> InvoiceLine {
        guard record.count >= fieldsMin else {
            throw record.problem(
                file, record.count - 1,
                "\(record.count) fields, where the template needs \(fieldsMin); rows that are no "
                    + "calls are named by 'skip' or 'only'")
        }
        let start = try start(record)
        let amount = try money(record, .amount)
        return InvoiceLine(
            number: UInt32(clamping: record.line), amountDecimals: amount?.decimals ?? 0,
            isWholeMinute: start.isWholeMinute,
            pair: NumberPair(called: try called(record), calling: calling(record)),
            stamp: start.milliseconds, seconds: try seconds(record), amount: amount?.money,
            rate: try money(record, .rate)?.money)
    }

    private func start(
        _ record: borrowing CSVRecord
    ) throws(InputProblem) -> (milliseconds: Int64, isWholeMinute: Bool) {
        let parts = columns[.start] ?? []
        guard let first = parts.first else { return (0, true) }
        var text = record.trimmed(first)
        if parts.count > 1 {
            text = parts.reduce(into: ArraySlice<UInt8>()) { joined, index in
                if !joined.isEmpty { joined.append(0x20) }
                joined.append(contentsOf: record.trimmed(index))
            }
        }
        guard let time = CivilTime(text, order: template.dates), time.precision != .day
        else {
            if CivilTime(text, order: template.dates)?.precision == .day {
                throw record.problem(
                    file, first,
                    "'\(String(decoding: text, as: UTF8.self))' has no time of day; "
                        + "a time in a column of its own is written 'start: Date + Time'")
            }
            throw record.problem(
                file, first,
                "'\(String(decoding: text, as: UTF8.self))' is no date and time that exists; the "
                    + "template has dates: \(template.dates.rawValue)")
        }
        let milliseconds =
            (time.seconds - (time.zoneSeconds ?? 0)) * 1_000 + time.nanoseconds / 1_000_000
        guard Self.years.contains(milliseconds) else {
            throw record.problem(
                file, first,
                "'\(String(decoding: text, as: UTF8.self))' lies outside the years 1970 to 2261")
        }
        return (milliseconds, time.seconds % 60 == 0 && time.nanoseconds == 0)
    }

    private func called(_ record: borrowing CSVRecord) throws(InputProblem) -> PhoneDigits {
        let index = columns[.to]?.first ?? 0
        guard let digits = template.numbers.digits(record.trimmed(index), isCalled: true) else {
            throw record.problem(
                file, index, "'\(record.text(index))' is no number; it has 1 to 18 digits")
        }
        return digits
    }

    /// Callers may be hidden.
    private func calling(_ record: borrowing CSVRecord) -> PhoneDigits {
        guard let index = columns[.from]?.first else { return .none }
        return template.numbers.digits(record.trimmed(index), isCalled: false) ?? .none
    }

    private func seconds(_ record: borrowing CSVRecord) throws(InputProblem) -> Int64 {
        let index = columns[.duration]?.first ?? 0
        let text = record.trimmed(index)
        if text.isEmpty { return 0 }
        let seconds = InvoiceTexts.seconds(
            text, unit: template.unit, decimalMark: template.decimalMark)
        guard let seconds else {
            throw record.problem(
                file, index,
                "'\(record.text(index))' is no duration in \(template.unit.rawValue)")
        }
        return seconds
    }

    /// `nil` where the column or its value is missing.
    private func money(
        _ record: borrowing CSVRecord, _ field: InvoiceTemplate.Field
    ) throws(InputProblem) -> (money: Money, decimals: UInt8)? {
        guard let index = columns[field]?.first else { return nil }
        let text = record.trimmed(index)
        if text.isEmpty { return nil }
        guard let found = InvoiceTexts.amount(text, decimalMark: template.decimalMark) else {
            throw record.problem(
                file, index,
                "'\(record.text(index))' is no \(field.rawValue); write it like 0.0125, at most "
                    + "8 decimals")
        }
        return found
    }

    private mutating func count(
        _ line: InvoiceLine, _ record: borrowing CSVRecord
    ) throws(InputProblem) {
        summary.lineCount += 1
        summary.seconds += line.seconds
        guard let amount = line.amount else { return }
        let (sum, overflow) = total.addingReportingOverflow(amount.magnitude.units)
        guard !overflow, sum < Int64.max / 4 else {
            throw record.problem(file, 0, "the amounts add up to more than can be counted")
        }
        total = sum
        summary.amount += amount
        summary.hasAmounts = true
    }
}

/// What an invoice says in all.
public struct InvoiceSummary: Hashable, Sendable {
    public var lineCount = 0
    /// Rows that the template leaves aside.
    public var skippedCount = 0
    public var seconds: Int64 = 0
    public var amount = Money.zero
    public var hasAmounts = false
}
