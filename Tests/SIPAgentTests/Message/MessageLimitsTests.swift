import Testing

@testable import SIPAgent

/// Each bound at its limit and one beyond.
@Suite struct MessageLimitsTests {
    private func invite(headers: [String] = [], body: Int = 0) -> [UInt8] {
        let start = """
            INVITE sip:a@192.0.2.1 SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.9:5061;branch=z9hG4bK1
            From: <sip:b@192.0.2.9>;tag=1
            To: <sip:a@192.0.2.1>
            Call-ID: c
            CSeq: 1 INVITE
            Content-Length: \(body)

            """
        let lines = headers.map { $0 + "\n" }.joined()
        return wire(start + lines + "\n") + [UInt8](repeating: 0x61, count: body)
    }

    /// Of the headers above.
    private let fields = 6

    @Test func octetsOfAMessage() throws {
        let most = MessageLimits.messageBytesMax
        let empty = invite(body: 10_000).count - 10_000
        let whole = invite(body: most - empty)
        #expect(whole.count == most)
        #expect(try SIPMessage(parsing: whole).body.count == most - empty)
        #expect(throws: SIPParseError.messageTooLong) {
            try SIPMessage(parsing: invite(body: most - empty + 1))
        }
    }

    @Test func octetsOfAHeader() throws {
        let most = MessageLimits.messageBytesMax
        let room = most - invite(headers: ["X: "]).count
        let value = String(repeating: "v", count: room)
        let message = try SIPMessage(parsing: invite(headers: ["X: \(value)"]))
        #expect(message.bytes.count == most)
        #expect(message.first(named: bytes("X"))?.count == room)
        #expect(throws: SIPParseError.messageTooLong) {
            try SIPMessage(parsing: invite(headers: ["X: \(value)v"]))
        }
    }

    @Test func fieldsOfAMessage() throws {
        let more = (fields..<MessageLimits.headerFieldsMax).map { "X-\($0): 1" }
        let message = try SIPMessage(parsing: invite(headers: more))
        #expect(message.index.fields.count == MessageLimits.headerFieldsMax)
        #expect(throws: SIPParseError.tooManyHeaders) {
            try SIPMessage(parsing: invite(headers: more + ["X-one-more: 1"]))
        }
    }

    @Test func elementsOfAList() throws {
        let most = MessageLimits.listElementsMax
        for (count, read) in [(most, most), (most + 1, most)] {
            let tags = (0..<count).map { "t\($0)" }.joined(separator: ",")
            let message = try SIPMessage(parsing: invite(headers: ["Supported: \(tags)"]))
            #expect(Array(message.values(of: .supported)).count == read)
        }
    }

    /// A stream is closed over what a datagram could not have brought.
    @Test func octetsOfAFramedMessage() {
        let most = MessageLimits.messageBytesMax
        let empty = invite(body: 10_000).count - 10_000
        var framer = StreamFramer()
        framer.append(invite(body: most - empty))
        guard case .message(let message)? = framer.next() else {
            Issue.record("a message of the largest size is framed")
            return
        }
        #expect(message.count == most)
        framer.append(invite(body: most - empty + 1))
        _ = framer.next()
        #expect(framer.next() == .broken(.messageTooLong))
    }
}
