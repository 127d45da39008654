import TrunkEvents

/// Reads a deck's rows by the names in its first line, whatever their order.
struct RateDeckReader {
    enum Column: CaseIterable {
        case prefix, rate, offPeak, intrastate, interstate, indeterminate, offPeakIntrastate
        case offPeakIndeterminate, connectionFee, first, step, from, to

        /// As carriers write them, in lower case with `_` for what is no letter or digit.
        var names: [String] {
            switch self {
            case .prefix: ["prefix", "code", "dialcode", "dial_code", "destination_prefix"]
            case .rate:
                [
                    "rate", "price", "rate_per_minute", "price_per_minute", "rate_min", "peak",
                    "rate_peak",
                ]
            case .offPeak: ["rate_offpeak", "rate_off_peak", "offpeak", "off_peak"]
            case .intrastate: ["rate_intra", "intra", "intrastate", "intra_rate", "intra_state"]
            case .interstate: ["rate_inter", "inter", "interstate", "inter_rate", "inter_state"]
            case .indeterminate: ["rate_indeterminate", "indeterminate", "ij", "ind", "rate_ij"]
            case .offPeakIntrastate: ["rate_intra_offpeak", "intra_offpeak"]
            case .offPeakIndeterminate: ["rate_indeterminate_offpeak", "indeterminate_offpeak"]
            case .connectionFee:
                ["connection_fee", "connect_fee", "connectfee", "setup_fee", "connection"]
            case .first:
                [
                    "first_interval", "first", "initial", "initial_interval", "min_duration",
                    "minimum", "initial_block",
                ]
            case .step: ["increment", "interval", "step", "billing_increment", "subsequent"]
            case .from:
                ["effective_from", "effective", "effective_date", "start_date", "valid_from"]
            case .to: ["effective_to", "end_date", "expires", "valid_to", "expiry_date"]
            }
        }
    }

    private let file: String
    private let terms: RateDeckTerms
    private let delimiter: UInt8
    private var columns: [Column: Int] = [:]
    private var fieldCount = 0
    private var hasHeader = false
    private var entries: [RateEntry] = []
    private var problems: [InputProblem] = []

    static func entries(
        _ bytes: [UInt8], file: String, terms: RateDeckTerms
    ) throws(InputError) -> [RateEntry] {
        let delimiter = Self.delimiter(of: bytes)
        var reader = RateDeckReader(file: file, terms: terms, delimiter: delimiter)
        try CSVParser.forEachRecord(
            of: bytes, file: file, delimiter: delimiter
        ) { (record) throws(InputProblem) in
            guard reader.problems.count < InputError.problemsMax else { return }
            try reader.take(record)
        }
        if reader.problems.isEmpty, reader.entries.isEmpty {
            reader.problems.append(
                InputProblem(
                    file: file, line: 1, column: 1,
                    "a deck has a line that names its columns and at least one row"))
        }
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        return reader.entries
    }

    private init(file: String, terms: RateDeckTerms, delimiter: UInt8) {
        self.file = file
        self.terms = terms
        self.delimiter = delimiter
    }

    /// What stands most often in the first line: programs of countries with a decimal comma write
    /// semicolons.
    private static func delimiter(of bytes: [UInt8]) -> UInt8 {
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        let counts = ",;\t".utf8.map { mark in (mark, line.count { $0 == mark }) }
        return counts.reduce(counts[0]) { $1.1 > $0.1 ? $1 : $0 }.0
    }

    /// A decimal comma, which is none where commas part the columns, as a point.
    private func decimal(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let comma = UInt8(ascii: ",")
        guard delimiter != comma else { return Array(text) }
        return text.map { $0 == comma ? UInt8(ascii: ".") : $0 }
    }

    private mutating func take(_ record: borrowing CSVRecord) throws(InputProblem) {
        guard hasHeader else { return try takeHeader(record) }
        do throws(InputProblem) {
            entries.append(try entry(record))
        } catch {
            problems.append(error)
        }
    }

    /// - Throws: without its columns nothing that follows can be read.
    private mutating func takeHeader(_ record: borrowing CSVRecord) throws(InputProblem) {
        hasHeader = true
        fieldCount = record.count
        for index in 0..<record.count {
            let name = ColumnName.normalized(record[index])
            guard let column = Column.allCases.first(where: { $0.names.contains(name) }) else {
                continue
            }
            guard columns.updateValue(index, forKey: column) == nil else {
                throw record.problem(file, index, "a second column for the same as '\(name)'")
            }
        }
        guard columns[.prefix] != nil else {
            throw record.problem(
                file, 0, "no column named 'prefix'; the first line names the columns")
        }
        guard columns[.rate] != nil || columns[.interstate] != nil else {
            throw record.problem(file, 0, "no column named 'rate' (or 'rate_inter')")
        }
    }

    private func entry(_ record: borrowing CSVRecord) throws(InputProblem) -> RateEntry {
        guard record.count == fieldCount else {
            throw record.problem(
                file, min(record.count, fieldCount),
                "\(record.count) fields, where the first line has \(fieldCount)")
        }
        let from = try date(record, .from, isEnd: false) ?? terms.effectiveFrom.nanoseconds
        let to = try date(record, .to, isEnd: true) ?? .max
        guard from < to else {
            throw record.problem(
                file, columns[.to] ?? 0, "the row ends before it begins: swap its dates")
        }
        return RateEntry(
            prefix: try prefix(record), prices: try prices(record),
            connectionFee: try money(record, .connectionFee) ?? .zero,
            interval: try interval(record), from: from, to: to,
            place: CSVRecord.Place(line: record.line, column: (columns[.prefix] ?? 0) + 1))
    }

    private func prefix(_ record: borrowing CSVRecord) throws(InputProblem) -> PhoneDigits {
        let index = columns[.prefix] ?? 0
        guard let prefix = PhoneDigits(record.trimmed(index)), !prefix.isEmpty else {
            throw record.problem(
                file, index, "'\(record.text(index))' is no prefix; it has 1 to 18 digits")
        }
        return prefix
    }

    private func prices(_ record: borrowing CSVRecord) throws(InputProblem) -> RatePrices {
        let main: Column = columns[.rate] == nil ? .interstate : .rate
        let common = try money(record, .rate)
        let inter = try money(record, .interstate) ?? common
        guard let inter else {
            throw record.problem(file, columns[main] ?? 0, "a row needs a rate, like 0.0125")
        }
        var prices = RatePrices(interstate: inter)
        prices.intrastate = try money(record, .intrastate)
        prices.indeterminate = try money(record, .indeterminate)
        prices.offPeak = try money(record, .offPeak)
        prices.offPeakIntrastate = try money(record, .offPeakIntrastate)
        prices.offPeakIndeterminate = try money(record, .offPeakIndeterminate)
        if terms.peak == nil, let off = columns[.offPeak], prices.offPeak != nil {
            throw record.problem(file, off, "an off-peak price needs --peak to say when peak is")
        }
        return prices
    }

    /// `nil` where the column or its value is missing.
    private func money(
        _ record: borrowing CSVRecord, _ column: Column
    ) throws(InputProblem) -> Money? {
        guard let index = columns[column], !record.trimmed(index).isEmpty else { return nil }
        guard let money = Money(decimal: decimal(record.trimmed(index))),
            (Money.zero...Money.largestPrice).contains(money)
        else {
            throw record.problem(
                file, index,
                "'\(record.text(index))' is no price; write it like 0.0125, at most 8 decimals "
                    + "and a million")
        }
        return money
    }

    private func interval(_ record: borrowing CSVRecord) throws(InputProblem) -> BillingInterval {
        if let index = columns[.step], columns[.first] == nil, record.text(index).contains("/") {
            guard let interval = BillingInterval(record.text(index)) else {
                throw record.problem(
                    file, index, "'\(record.text(index))' is no interval; write it like 30/6")
            }
            return interval
        }
        let first = try seconds(record, .first)
        let step = try seconds(record, .step) ?? first ?? terms.interval.step
        let interval = BillingInterval(first: first ?? terms.interval.first, step: step)
        return interval ?? terms.interval
    }

    private func seconds(
        _ record: borrowing CSVRecord, _ column: Column
    ) throws(InputProblem) -> UInt32? {
        guard let index = columns[column], !record.trimmed(index).isEmpty else { return nil }
        guard let seconds = UInt32(record.text(index)), (1...86_400).contains(seconds) else {
            throw record.problem(
                file, index, "'\(record.text(index))' is no interval in seconds, from 1 to 86400")
        }
        return seconds
    }

    /// A day that is an end is included to its last instant.
    private func date(
        _ record: borrowing CSVRecord, _ column: Column, isEnd: Bool
    ) throws(InputProblem) -> Int64? {
        guard let index = columns[column], !record.trimmed(index).isEmpty else { return nil }
        let text = record.trimmed(index)
        // Databases write so what has no end.
        if isEnd, text.starts(with: Array("9999-12-31".utf8)) { return nil }
        if var time = CivilTime(text, order: .ymd) {
            if isEnd, time.precision == .day { time.seconds += 86_400 }
            if let instant = time.nanoseconds(zone: terms.zoneSeconds) { return instant }
        }
        throw record.problem(
            file, index,
            "'\(record.text(index))' is no date from 1970 to 2261; write it like 2026-11-22 or "
                + "2026-11-22T14:00:00Z")
    }
}

/// Column names as programs compare them.
enum ColumnName {
    /// Lower case; `_` for each run of what is no letter or digit, none at the ends.
    static func normalized(_ text: some Sequence<UInt8>) -> String {
        var name: [UInt8] = []
        for byte in text {
            switch byte {
            case 0x30...0x39, 0x61...0x7A, 0x80...: name.append(byte)
            case 0x41...0x5A: name.append(byte + 0x20)
            default: if name.last != UInt8(ascii: "_"), !name.isEmpty { name.append(0x5F) }
            }
        }
        if name.last == UInt8(ascii: "_") { name.removeLast() }
        return String(decoding: name, as: UTF8.self)
    }
}
