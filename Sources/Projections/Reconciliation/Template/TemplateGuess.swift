/// Proposes a template from an invoice's first lines: column names first, then what the columns
/// hold.
public struct TemplateGuess: Sendable {
    /// Records that are looked at.
    static let recordsMax = 500

    private static let names: [InvoiceTemplate.Field: [String]] = [
        .start: [
            "answer_time", "connect_time", "date_time_connect_utc", "start_time", "call_start",
            "start_date", "date_time_start_utc", "time_start_utc", "starttime", "setup_time",
            "answertime", "date_time", "datetime", "calldate", "call_date_time", "start",
            "starting_date", "start_stamp", "timestamp", "call_date", "date", "time",
        ],
        .from: [
            "from", "source", "caller", "src", "ani", "calling_number", "caller_id", "callerid",
            "cli", "source_number", "from_number", "called_from", "caller_id_number",
            "originating_number", "a_number",
        ],
        .to: [
            "to", "destination", "callee", "dst", "called_number", "dialed_number",
            "dialled_number", "destination_number", "to_number", "called_to", "number",
            "terminating_number", "b_number", "non_charged_party",
        ],
        .duration: [
            "billed_seconds", "billsec", "billed_duration", "billable_duration", "bill_duration",
            "billed_sec", "charged_duration", "duration_secs", "duration_sec", "seconds",
            "billable_seconds", "duration", "duration_seconds", "call_duration", "minutes",
            "duration_min", "billed_minutes", "call_duration_seconds",
        ],
        .amount: [
            "amount", "cost", "price", "charge", "charged_usd", "total_charge", "call_cost",
            "callprice", "call_price", "total", "salesprice", "buy_cost", "total_cost",
        ],
        .rate: [
            "rate", "rate_per_minute", "price_per_minute", "rate_min", "buy_rate",
            "rate_usd_per_minute", "base_price", "baseprice", "rate_minute",
        ],
    ]

    private let file: String
    private let records: [[ArraySlice<UInt8>]]
    /// Records of calls.
    private var rows: [[ArraySlice<UInt8>]] = []
    private var template: InvoiceTemplate
    private var columns: [InvoiceTemplate.Field: [Int]] = [:]

    /// A template that reads these lines.
    ///
    /// - Throws: where a column that every template needs cannot be told.
    public static func template(for file: InputFile) throws(InputError) -> InvoiceTemplate {
        let head = try file.head()
        var best: (delimiter: UInt8, records: [[ArraySlice<UInt8>]]) = (0x2C, [])
        for mark in ",;\t|".utf8 {
            let records = Self.records(head, delimiter: mark)
            if (records.first?.count ?? 0) > (best.records.first?.count ?? 0) {
                best = (mark, records)
            }
        }
        var guess = TemplateGuess(file: file.path, records: best.records)
        guess.template.delimiter = best.delimiter
        return try guess.run()
    }

    private init(file: String, records: [[ArraySlice<UInt8>]]) {
        self.file = file
        self.records = records
        let name = file.split(separator: "/").last ?? ""
        template = InvoiceTemplate(name: "guessed for \(name)")
    }

    /// What was cut off at the end is left out, and so is what is no CSV.
    private static func records(_ head: [UInt8], delimiter: UInt8) -> [[ArraySlice<UInt8>]] {
        var parser = CSVParser(file: "", delimiter: delimiter)
        var records: [[ArraySlice<UInt8>]] = []
        do throws(InputProblem) {
            try parser.consume(head) { (record) throws(InputProblem) in
                guard records.count < recordsMax else { return }
                records.append((0..<record.count).map { record.trimmed($0) })
            }
            try parser.finish { (record) throws(InputProblem) in
                if records.count < 2 {
                    records.append((0..<record.count).map { record.trimmed($0) })
                }
            }
        } catch {
            return records
        }
        return records
    }

    private mutating func run() throws(InputError) -> InvoiceTemplate {
        guard let first = records.first else {
            throw problem("no line of CSV; an invoice has lines of calls")
        }
        template.hasHeader = !first.contains {
            CivilTime($0, order: .mdy) != nil || CivilTime($0, order: .dmy) != nil
        }
        leaveSumsAside()
        if template.hasHeader { byName(first.map { ColumnName.normalized($0) }) }
        byContents()
        for field in [InvoiceTemplate.Field.start, .to, .duration] where columns[field] == nil {
            throw problem(
                "no column looks like '\(field.rawValue)'; write a template: "
                    + "'trunkledger reconcile --show-template generic' is one to start from")
        }
        chooseDates()
        chooseUnit()
        chooseDecimal()
        for (field, found) in columns {
            template.columns[field] = [found.map { column($0, first) }]
        }
        return template
    }

    private func problem(_ message: String) -> InputError {
        .invalid([InputProblem(file: file, line: 1, column: 1, message)])
    }

    private func column(_ index: Int, _ header: [ArraySlice<UInt8>]) -> InvoiceTemplate.Column {
        let names = header.map { ColumnName.normalized($0) }
        let isPlain = template.hasHeader && !names[index].isEmpty
        let isUnique = names.count { $0 == names[index] } == 1
        return isPlain && isUnique ? .named(names[index]) : .number(index + 1)
    }

    private mutating func byName(_ header: [String]) {
        for field in InvoiceTemplate.Field.allCases {
            let found = Self.names[field]?.lazy.compactMap { header.firstIndex(of: $0) }
                .first { index in !columns.values.contains([index]) && fits(field, index, of: 5) }
            if let found { columns[field] = [found] }
        }
        // A date alone wants the time in another column.
        guard let start = columns[.start]?.first, isDay(start) else { return }
        let time = header.indices.first { header[$0].contains("time") && isTimeOfDay($0) }
        if let time { columns[.start] = [start, time] }
    }

    /// Without names: the first date is the start, the first two long numbers are the parties, the
    /// last small whole number is the duration, the last decimal the amount.
    private mutating func byContents() {
        let width = records.first?.count ?? 0
        var free = (0..<width).filter { index in
            !columns.values.contains { $0.contains(index) }
        }
        if columns[.start] == nil, let index = free.first(where: { fits(.start, $0) }) {
            columns[.start] = [index]
            free.removeAll { $0 == index }
        }
        if columns[.to] == nil {
            var parties = free.filter { fits(.to, $0) }
            if columns[.from] == nil, parties.count > 1 {
                columns[.from] = [parties.removeFirst()]
            }
            if let called = parties.first { columns[.to] = [called] }
            free.removeAll { index in columns.values.contains([index]) }
        }
        guard !template.hasHeader else { return }
        let duration = free.last { fits(.duration, $0) && !isDecimal($0) }
        if columns[.duration] == nil, let index = duration {
            columns[.duration] = [index]
            free.removeAll { $0 == index }
        }
        if columns[.amount] == nil, let index = free.last(where: { isDecimal($0) }) {
            columns[.amount] = [index]
        }
    }

    /// Sums are no calls: they fill half as many fields, or fewer.
    private mutating func leaveSumsAside() {
        let body = records.dropFirst(template.hasHeader ? 1 : 0)
        let filled = { (record: [ArraySlice<UInt8>]) in record.count { !$0.isEmpty } }
        let most = body.map(filled).max() ?? 0
        let isSum = { (record: [ArraySlice<UInt8>]) in filled(record) * 2 <= most }
        rows = body.filter { !isSum($0) }
        let names = body.filter(isSum).compactMap(\.first).filter { !$0.isEmpty }
        template.skipped = Set(names.map { String(decoding: $0, as: UTF8.self) }).sorted()
    }

    /// Whether so many of ten values that are there pass: a name needs fewer than contents alone,
    /// so that a mistake in the file is found where it is.
    private func most(
        _ index: Int, of ten: Int = 9, _ test: (ArraySlice<UInt8>) -> Bool
    ) -> Bool {
        let values = rows.compactMap { index < $0.count && !$0[index].isEmpty ? $0[index] : nil }
        return !values.isEmpty && values.count(where: test) * 10 >= values.count * ten
    }

    private func fits(
        _ field: InvoiceTemplate.Field, _ index: Int, of ten: Int = 9
    ) -> Bool {
        switch field {
        case .start:
            return CivilTime.DateOrder.allCases.contains { order in
                most(index, of: ten) { CivilTime($0, order: order) != nil }
            }
        case .from, .to:
            return most(index, of: ten) { value in
                let digits = template.numbers.digits(value, isCalled: false)
                return (digits?.count ?? 0) >= 7 && !value.contains(UInt8(ascii: ":"))
            }
        case .duration:
            return most(index, of: ten) { value in
                [UInt8(ascii: "."), UInt8(ascii: ",")].contains {
                    InvoiceTexts.seconds(value, unit: .seconds, decimalMark: $0) != nil
                }
            }
        case .amount, .rate:
            return most(index, of: ten) { value in
                [UInt8(ascii: "."), UInt8(ascii: ",")].contains {
                    InvoiceTexts.amount(value, decimalMark: $0) != nil
                }
            }
        }
    }

    private func isDay(_ index: Int) -> Bool {
        CivilTime.DateOrder.allCases.contains { order in
            most(index) { CivilTime($0, order: order)?.precision == .day }
        }
    }

    private func isTimeOfDay(_ index: Int) -> Bool {
        most(index) { CivilTime(Array("2000-01-01 ".utf8)[...] + $0, order: .ymd) != nil }
    }

    private func isDecimal(_ index: Int) -> Bool {
        fits(.amount, index)
            && most(index) {
                $0.contains(UInt8(ascii: ".")) || $0.contains(UInt8(ascii: ","))
            }
    }

    /// A thirteenth month tells the order; where none is there, the American one is as good.
    private mutating func chooseDates() {
        guard let index = columns[.start]?.first else { return }
        var most = -1
        for order in [CivilTime.DateOrder.ymd, .mdy, .dmy] {
            let count = rows.count {
                index < $0.count && CivilTime($0[index], order: order) != nil
            }
            if count > most {
                most = count
                template.dates = order
            }
        }
    }

    private mutating func chooseUnit() {
        guard let index = columns[.duration]?.first, let header = records.first else { return }
        let name = template.hasHeader ? ColumnName.normalized(header[index]) : ""
        if most(index, { $0.contains(UInt8(ascii: ":")) }) {
            template.unit = .clock
        } else if name.contains("min"), !name.contains("sec") {
            template.unit = .minutes
        }
    }

    /// A comma that no point stands beside, in a file that commas do not divide.
    private mutating func chooseDecimal() {
        guard template.delimiter != UInt8(ascii: ","), let index = columns[.amount]?.first else {
            return
        }
        let comma = UInt8(ascii: ",")
        if rows.contains(where: { index < $0.count && $0[index].contains(comma) }) {
            template.decimalMark = comma
        }
    }
}

extension InputFile {
    /// The first chunk.
    fileprivate func head() throws(InputError) -> [UInt8] {
        var head: [UInt8] = []
        try forEachChunk { (chunk) throws(InputProblem) in
            if head.isEmpty { head = chunk }
        }
        return head
    }
}
