import Testing
import TrunkEvents

@testable import Projections

@Suite struct InvoiceTemplateReaderTests {
    static func template(_ text: String) throws -> InvoiceTemplate {
        try InvoiceTemplate(Array(text.utf8), file: "t")
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try Self.template(text)
            return []
        } catch InputError.invalid(let problems) {
            return problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func aByteOrderMarkIsNoKey() throws {
        let text = "start: A\r\nto: B\r\nduration: C\r\n"
        let plain = try Self.template(text)
        #expect(try Self.template("\u{FEFF}" + text) == plain)
    }

    @Test func everyKeyIsRead() throws {
        let template = try Self.template(
            """
            # A carrier
            name: alpha
            delimiter: semicolon
            start: Call Date + Call Time | #1
            from: A Number
            to: B-Number
            duration: Min.
            unit: minutes
            amount: Price (EUR)
            dates: dmy
            zone: -05:30
            decimal: ,
            currency: eur
            country: 44
            international: 00 011
            trunk_prefix: 0
            tech_prefix: 99#
            skip: Total | Sum
            only: Type = Out | Outbound
            """)
        #expect(template.delimiter == UInt8(ascii: ";") && template.decimalMark == 0x2C)
        #expect(
            template.columns[.start] == [
                [.named("call_date"), .named("call_time")], [.number(1)],
            ])
        #expect(template.columns[.amount] == [[.named("price_eur")]])
        #expect(template.unit == .minutes && template.dates == .dmy)
        #expect(template.zoneSeconds == -19_800 && template.currency?.description == "EUR")
        #expect(template.numbers.techPrefixes == [Array("99#".utf8)])
        #expect(template.skipped == ["Total", "Sum"])
        #expect(template.only?.texts == ["out", "outbound"])
    }

    @Test func everyMistakeHasItsPlace() {
        let text = """
            start: #1
            start: #2
            tariff: x
            to: #0
            duration:
            dates: american
            zone: Vienna
            amount: #1
            whatever
            """
        #expect(
            problems(text).map { String($0.prefix { $0 != " " }) } == [
                "t:2:1:", "t:3:1:", "t:4:5:", "t:5:1:", "t:6:8:", "t:7:7:", "t:9:1:", "t:8:1:",
            ])
        #expect(problems("start: a\nto: b\n") == ["t:1:1: no 'duration': which column is it?"])
        #expect(
            problems("start: a\nto: b\nduration: c\nrate: c\n") == [
                "t:4:1: column 'c' is 'duration' already; one meaning each"
            ])
        #expect(
            problems("header: no\nstart: #1\nto: b\nduration: #3\n") == [
                "t:3:1: 'b' needs a header; without one columns are #1, #2"
            ])
    }

    @Test(arguments: ShippedTemplates.names)
    func shippedTemplatesAreSound(name: String) throws {
        let template = try #require(try ShippedTemplates.template(name))
        #expect(template.name == name)
        #expect(try Self.template(template.text) == template)
    }
}
