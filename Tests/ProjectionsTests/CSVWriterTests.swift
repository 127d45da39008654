import Testing

@testable import Projections

@Suite struct CSVWriterTests {
    @Test func quotesOnlyWhatNeedsIt() {
        var csv = CSVWriter()
        for field in ["a", "", "b,c", "say \"hi\"", "x\ny"] { csv.field(field) }
        csv.endLine()
        csv.field("next")
        #expect(
            String(decoding: csv.bytes, as: UTF8.self)
                == "a,,\"b,c\",\"say \"\"hi\"\"\",\"x\ny\"\r\nnext")
    }
}
