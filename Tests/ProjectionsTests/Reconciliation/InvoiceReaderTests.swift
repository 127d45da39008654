import TestSupport
import Testing

@testable import Projections

@Suite struct InvoiceReaderTests {
    private static let template = """
        start: Start
        from: From
        to: To
        duration: Seconds
        amount: Cost
        country: 1
        skip: Total
        """

    private func read(
        _ text: String, _ template: String = template
    ) throws -> (lines: [InvoiceLine], summary: InvoiceSummary) {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/i.csv"
            try DurableFile.replace(path, with: Array(text.utf8))
            var lines: [InvoiceLine] = []
            let summary = try InvoiceReader.forEachLine(
                of: InputFile(path: path), try InvoiceTemplateReaderTests.template(template)
            ) { lines.append($0) }
            return (lines, summary)
        }
    }

    private func problems(_ text: String, _ template: String = template) -> [String] {
        do {
            _ = try read(text, template)
            return []
        } catch InputError.invalid(let problems) {
            return problems.map { "\($0.line):\($0.column): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test func linesAreReadAndNumbersNormalised() throws {
        let (lines, summary) = try read(
            """
            Id,Start,From,To,Seconds,Cost
            1,2026-11-22 14:00:05,anonymous,(212) 555-0100,61,$0.0125
            2,2026-11-22 14:00,+442071234567,sip:0114420712345@x,0,
            Total,,,,61,0.0125

            """)
        #expect(lines.map(\.number) == [2, 3])
        #expect(lines.map(\.pair.called.description) == ["12125550100", "4420712345"])
        #expect(lines.map(\.pair.calling.description) == ["", "442071234567"])
        #expect(lines.map(\.stamp) == [1_795_356_005_000, 1_795_356_000_000])
        #expect(lines.map(\.isWholeMinute) == [false, true])
        #expect(lines.map(\.amount?.units) == [1_250_000, nil])
        #expect(lines.map(\.isBilled) == [true, false])
        #expect(summary.lineCount == 2 && summary.skippedCount == 1)
        #expect(summary.amount.units == 1_250_000 && summary.seconds == 61)
    }

    @Test func everyMistakeHasItsPlace() {
        let found = problems(
            """
            Start,From,To,Seconds,Cost
            2026-02-30 14:00:05,1,2125550100,61,0.01
            2026-11-22,1,2125550100,61,0.01
            2026-11-22 14:00:05,1,nobody,61,0.01
            2026-11-22 14:00:05,1,2125550100,-5,0.01
            2026-11-22 14:00:05,1,2125550100,5,free
            2026-11-22 14:00:05,1

            """)
        #expect(
            found.map { String($0.prefix { $0 != " " }) } == [
                "2:1:", "3:1:", "4:23:", "5:34:", "6:36:", "7:21:",
            ])
        #expect(
            found.first == "2:1: '2026-02-30 14:00:05' is no date and time that exists; the "
                + "template has dates: ymd")
    }

    @Test func whatIsNoInvoiceIsNamed() {
        #expect(
            problems("Start,From,Seconds\n") == [
                "1:1: no column for 'to': the template 't' looks for to"
            ])
        #expect(
            problems("Start,From,To,Seconds,Cost\n") == [
                "1:1: no line of a call; is it the right file and template?"
            ])
        let short = problems(
            "2026-11-22 14:00:05,1\n", "header: no\nstart: #1\nto: #2\nduration: #3\n")
        #expect(short.first?.hasPrefix("1:1: no column for 'duration'") == true)
    }

    @Test(arguments: [
        ("65", InvoiceTemplate.DurationUnit.seconds, Int64?(65)), ("65.4", .seconds, 65),
        ("1.5", .minutes, 90), ("1:05", .clock, 65), ("01:02:03", .seconds, 3_723),
        ("1:65", .clock, nil), ("-1", .seconds, nil), ("99999999", .seconds, nil),
    ])
    func durations(text: String, unit: InvoiceTemplate.DurationUnit, seconds: Int64?) {
        let read = InvoiceTexts.seconds(
            Array(text.utf8)[...], unit: unit, decimalMark: UInt8(ascii: "."))
        #expect(read == seconds)
    }

    @Test(arguments: [
        ("0.0125", ".", Int64?(1_250_000)), ("$1,234.5", ".", 123_450_000_000),
        ("1.234,5 EUR", ",", 123_450_000_000), ("-0.01", ".", -1_000_000), ("free", ".", nil),
        ("1 2", ".", nil), ("99999999", ".", nil), ("1,25", ".", nil), ("1.25", ",", nil),
        ("1,234,567.5", ",", nil), ("0.01,5", ".", nil),
    ])
    func amounts(text: String, mark: String, units: Int64?) {
        let read = InvoiceTexts.amount(Array(text.utf8)[...], decimalMark: mark.utf8.first ?? 0)
        #expect(read?.money.units == units)
    }

    @Test(arguments: [
        ("2071234567", "442071234567"), ("02071234567", "442071234567"),
        ("442071234567", "442071234567"), ("0012125550100", "12125550100"),
        ("+12125550100", "12125550100"), ("tel:02071234567;npdi", "442071234567"),
        ("99#02071234567", "442071234567"),
    ])
    func aPlanWithATrunkPrefix(text: String, digits: String) {
        var plan = NumberPlan()
        plan.country = Array("44".utf8)
        plan.trunkPrefix = Array("0".utf8)
        plan.techPrefixes = [Array("99#".utf8)]
        #expect(plan.digits(Array(text.utf8)[...], isCalled: true)?.description == digits)
    }
}
