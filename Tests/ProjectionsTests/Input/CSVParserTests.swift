import Testing

@testable import Projections

@Suite struct CSVParserTests {
    private func records(
        _ text: String, chunk: Int = .max, delimiter: Character = ","
    ) throws -> [[String]] {
        var parser = CSVParser(file: "f.csv", delimiter: delimiter.asciiValue ?? 0)
        var rows: [[String]] = []
        let body = { (record: borrowing CSVRecord) throws(InputProblem) in
            rows.append((0..<record.count).map { String(decoding: record[$0], as: UTF8.self) })
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let part = rest.prefix(min(chunk, rest.count))
            try parser.consume(Array(part), body)
            rest = rest.dropFirst(part.count)
        }
        try parser.finish(body)
        return rows
    }

    @Test(arguments: [1, 2, 3, 5, .max])
    func fieldsComeOutWhateverTheChunks(chunk: Int) throws {
        let text = "\u{FEFF}a,\"b \"\"x\"\", c\",\r\n\r\n\"two\r\nlines\",,3\n4,5,6\r7,8,\"\""
        let rows = try records(text, chunk: chunk)
        #expect(
            rows == [
                ["a", "b \"x\", c", ""], ["two\r\nlines", "", "3"], ["4", "5", "6"],
                ["7", "8", ""],
            ])
    }

    /// U+FF21 is EF BC A1, the mark EF BB BF.
    @Test(arguments: [1, 2, .max])
    func whatOnlyBeginsLikeAByteOrderMarkIsContent(chunk: Int) throws {
        #expect(try records("\u{FF21}b,c\n", chunk: chunk) == [["\u{FF21}b", "c"]])
    }

    @Test func aRecordOfDelimitersIsTooLongToo() throws {
        let text = String(repeating: ",", count: CSVParser.recordBytesMax + 2)
        #expect(throws: InputProblem.self) { try records(text) }
    }

    @Test func otherDelimiters() throws {
        #expect(try records("a;b,c;\"d;e\"\n", delimiter: ";") == [["a", "b,c", "d;e"]])
    }

    @Test(arguments: [
        ("a,b\nc,d\"e\n", 2, 4, "a quote within a field"),
        ("a,\"b\"c\n", 1, 6, "after a closing quote"),
        ("a,b\r\nc,\"d\n\n", 2, 3, "a quote opens here and is never closed"),
        ("\"x\ny\",\"z\" \n", 2, 7, "after a closing quote"),
    ])
    func mistakesHaveAPlace(text: String, line: Int, column: Int, says: String) {
        for chunk in [1, 4, Int.max] {
            do {
                _ = try records(text, chunk: chunk)
                Issue.record("\(text) was taken")
            } catch let problem as InputProblem {
                #expect(problem.line == line && problem.column == column)
                #expect(problem.message.hasPrefix(says))
                #expect(problem.description.hasPrefix("f.csv:\(line):\(column): "))
            } catch {
                Issue.record(error)
            }
        }
    }
}
