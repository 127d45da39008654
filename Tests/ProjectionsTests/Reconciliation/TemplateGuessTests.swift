import TestSupport
import Testing

@testable import Projections

@Suite struct TemplateGuessTests {
    private func guess(_ text: String) throws -> InvoiceTemplate {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/i.csv"
            try DurableFile.replace(path, with: Array(text.utf8))
            return try TemplateGuess.template(for: InputFile(path: path))
        }
    }

    @Test func namesAndDatesAreRecognised() throws {
        let template = try guess(
            """
            Call ID;Start Time;Caller;Callee;Duration (sec);Cost
            1;11/13/2026 14:03:05;2125550100;13055550101;61;0,0125
            2;11/02/2026 14:03:05;2125550100;13055550102;7;0,01

            """)
        #expect(template.delimiter == UInt8(ascii: ";") && template.hasHeader)
        #expect(template.dates == .mdy && template.decimalMark == UInt8(ascii: ","))
        #expect(
            template.columns == [
                .start: [[.named("start_time")]], .from: [[.named("caller")]],
                .to: [[.named("callee")]], .duration: [[.named("duration_sec")]],
                .amount: [[.named("cost")]],
            ])
    }

    @Test func aDateAndATimeAreJoined() throws {
        let template = try guess(
            """
            Call Date,Call Time,Source,Destination,Minutes,Total
            22/11/2026,14:03:05,442071234567,442071234568,1.5,0.02
            Total,,,,1.5,0.02

            """)
        #expect(template.columns[.start] == [[.named("call_date"), .named("call_time")]])
        #expect(template.dates == .dmy && template.unit == .minutes)
        #expect(template.skipped == ["Total"])
    }

    @Test func withoutNamesTheContentsTell() throws {
        let template = try guess(
            """
            "2026-11-22 14:03:05","12125550100","13055550101","65","0.0130"
            "2026-11-22 14:04:05","12125550100","13055550102","6","0.0012"

            """)
        #expect(!template.hasHeader)
        #expect(
            template.columns == [
                .start: [[.number(1)]], .from: [[.number(2)]], .to: [[.number(3)]],
                .duration: [[.number(4)]], .amount: [[.number(5)]],
            ])
    }

    @Test func whatIsNoInvoiceIsRefused() {
        #expect(throws: InputError.self) { try guess("name,colour\nbox,red\n") }
        #expect(throws: InputError.self) { try guess("") }
    }

    @Test func aGuessReadsTheInvoiceItWasMadeFrom() throws {
        let seed = Seed(for: "aGuessReadsTheInvoiceItWasMadeFrom")
        let invoice = PlantedInvoice(PlantedInvoice.Carrier(), lineCount: 50, seed: seed)
        let template = try guess(invoice.csv)
        #expect(Set(template.columns.keys) == [.start, .from, .to, .duration, .amount])
        #expect(try InvoiceTemplateReaderTests.template(template.text) == template)
    }
}
