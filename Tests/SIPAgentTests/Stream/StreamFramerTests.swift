import TestSupport
import Testing

@testable import SIPAgent

@Suite struct StreamFramerTests {
    private static func message(_ headers: String, body: String = "") -> [UInt8] {
        Array("OPTIONS sip:a@b SIP/2.0\r\n\(headers)\r\n\r\n\(body)".utf8)
    }

    private static let options = message("Call-ID: 1\r\nContent-Length: 0")

    /// All items, however the stream is cut.
    private func items(_ stream: [UInt8], cut: (Int) -> Int) -> [StreamItem] {
        var framer = StreamFramer()
        var items: [StreamItem] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let count = min(max(1, cut(rest.count)), rest.count)
            framer.append(rest.prefix(count))
            rest = rest.dropFirst(count)
            while let item = framer.next() {
                items.append(item)
                if case .broken = item { return items }
            }
        }
        return items
    }

    private func expect(_ stream: [UInt8], _ expected: [StreamItem], _ place: SourceLocation) {
        #expect(items(stream) { $0 } == expected, sourceLocation: place)
        #expect(items(stream) { _ in 1 } == expected, sourceLocation: place)
    }

    private func expect(
        _ stream: String, _ expected: [StreamItem], _ place: SourceLocation = #_sourceLocation
    ) {
        expect(Array(stream.utf8), expected, place)
    }

    @Test func anyFragmentationGivesTheSameItems() {
        let seed = Seed(for: "anyFragmentationGivesTheSameItems")
        var random = seed.generator()
        for _ in 0..<200 {
            var stream: [UInt8] = []
            var expected: [StreamItem] = []
            for index in 0..<Int.random(in: 1...12, using: &random) {
                switch Int.random(in: 0..<6, using: &random) {
                case 0:
                    stream += StreamFramer.ping
                    expected.append(.ping)
                case 1 where expected.last.map { $0 != .ping } ?? true:
                    // One empty line alone is a pong or nothing; a message must follow.
                    stream += StreamFramer.pong + Self.options
                    expected.append(.message(Self.options))
                default:
                    // Bodies hold what frames elsewhere.
                    let body = String(
                        repeating: "a\r\n\r\nContent-Length: 7\r\n",
                        count: Int.random(in: 0..<40, using: &random))
                    let names = ["Content-Length", "l", "CONTENT-LENGTH ", "Content-length"]
                    let name = names[Int.random(in: 0..<names.count, using: &random)]
                    let bytes = Self.message(
                        "Call-ID: \(index)\r\n\(name): \(body.utf8.count)", body: body)
                    stream += bytes
                    expected.append(.message(bytes))
                }
            }
            let largest = Int.random(in: 1...64, using: &random)
            let found = items(stream) { _ in Int.random(in: 1...largest, using: &random) }
            #expect(found == expected, "\(seed)")
        }
    }

    @Test func keepAlivesStandBetweenMessages() {
        let text = String(decoding: Self.options, as: UTF8.self)
        expect("\r\n\r\n", [.ping])
        expect("\r\n\r\n\r\n\r\n", [.ping, .ping])
        expect("\r\n" + text, [.message(Self.options)])
        expect("\r\n\r\n" + text + "\r\n", [.ping, .message(Self.options)])
        expect("\n\n" + text, [.message(Self.options)])
    }

    @Test func lengthsAreReadAsHeadersAre() {
        for headers in ["Content-Length:\r\n  4", "l:4\r\nl: 4", "Content-Length : 4"] {
            let bytes = Self.message(headers, body: "abcd")
            expect(bytes + bytes, [.message(bytes), .message(bytes)], #_sourceLocation)
        }
        let bare = Array("OPTIONS sip:a@b SIP/2.0\nl: 2\n\nab".utf8)
        expect(bare, [.message(bare)], #_sourceLocation)
    }

    @Test(arguments: [
        ("Call-ID: 1", StreamFault.noContentLength),
        ("Subject: a\r\n Content-Length: 3", .noContentLength),
        ("Content-Length: -999", .malformedContentLength),
        ("Content-Length: ", .malformedContentLength),
        ("l: 3\r\nContent-Length: 4", .malformedContentLength),
        ("Content-Length: 65535", .messageTooLong), ("l: 4294967295", .messageTooLong),
        ("l: 99999999999999999999", .malformedContentLength),
    ])
    func aLengthThatCannotBeFollowedEndsTheStream(headers: String, fault: StreamFault) {
        let bytes = Self.message(headers)
        let stream = bytes + Self.options
        expect(stream, [.message(bytes), .broken(fault)], #_sourceLocation)
    }

    @Test func headersWithoutEndAreNotHeldForEver() {
        let endless = [UInt8](repeating: 65, count: MessageLimits.messageBytesMax + 2)
        #expect(items(endless) { _ in 1_000 } == [.broken(.headersTooLong)])
        let tooLong = Self.message(String(decoding: endless, as: UTF8.self))
        #expect(items(tooLong) { $0 } == [.broken(.headersTooLong)])
    }

    @Test func theLargestMessagePasses() {
        let head = Self.message("Content-Length: 65000")
        let body = [UInt8](repeating: 65, count: 65_000)
        #expect(items(head + body + Self.options) { _ in 1_460 }
            == [.message(head + body), .message(Self.options)])
    }
}
