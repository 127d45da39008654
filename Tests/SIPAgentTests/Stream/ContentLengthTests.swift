import Testing

@testable import SIPAgent

@Suite struct ContentLengthTests {
    @Test(
        arguments: [
            ("A: 1", .absent), ("l: 7", .octets(7)), ("CONTENT-LENGTH\t:  12  ", .octets(12)),
            ("A: 1\r\n Content-Length: 4", .absent), ("Content-Length:\r\n\t5", .octets(5)),
            ("l: 5\r\nl: 5", .octets(5)), ("l: 5\r\nl: 6\r\nl: 5", .malformed),
            ("l: 5, 5", .malformed), ("l: +5", .malformed), ("no colon here", .absent),
        ] as [(String, ContentLength)])
    func isReadAsTheParserReadsIt(headers: String, expected: ContentLength) {
        let text = Array("INVITE sip:l:9 SIP/2.0\r\n\(headers)\r\n\r\n".utf8)
        #expect(ContentLength(headers: text.span, 0, text.count) == expected)
    }
}
