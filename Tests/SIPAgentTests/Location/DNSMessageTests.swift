import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct DNSMessageTests {
    private static let question = DNSQuestion.srv("_sip._udp.a.example")
    /// `_sip._udp.a.example`, at offset 12.
    private static let name: [UInt8] = ["_sip", "_udp", "a", "Example", ""].flatMap(text)

    private static func text(_ text: String) -> [UInt8] {
        [UInt8(text.utf8.count)] + Array(text.utf8)
    }

    private func message(_ answers: [[UInt8]], authorities: [[UInt8]] = []) -> [UInt8] {
        let counts = [UInt8(answers.count), 0, UInt8(authorities.count)]
        var bytes: [UInt8] = [0, 1, 0x81, 0x80, 0, 1, 0]
        bytes += counts
        bytes += [0, 0]
        bytes += Self.name
        bytes += [0, 33, 0, 1]
        for record in answers + authorities { bytes += record }
        return bytes
    }

    private func record(_ type: UInt8, lifetime: UInt8, _ data: [UInt8]) -> [UInt8] {
        [0xC0, 12, 0, type, 0, 1, 0, 0, 0, lifetime, 0, UInt8(data.count)] + data
    }

    /// Its target is `gw.` and the question's `a.example`.
    private let srv: [UInt8] = [0, 10, 0, 5, 0x13, 0xCE, 2, 0x67, 0x77, 0xC0, 22]

    @Test func recordsAreReadWithTheirCompressedNames() {
        let message = message([record(33, lifetime: 60, srv), record(33, lifetime: 30, srv)])
        let found = SRVRecord(priority: 10, weight: 5, port: 5070, target: "gw.a.example")
        #expect(
            DNSReply(message: message, to: Self.question)
                == .answered(.srv([found, found]), lifetime: .seconds(30)))
    }

    @Test func servicesAreRead() {
        var data: [UInt8] = [0, 50, 0, 20]
        for text in ["s", "SIP+D2T", ""] { data += Self.text(text) }
        data += [0xC0, 12]
        let found = NAPTRRecord(
            order: 50, preference: 20, flags: "s", service: "SIP+D2T",
            replacement: "_sip._udp.a.example")
        #expect(
            DNSReply(message: message([record(35, lifetime: 9, data)]), to: .naptr("a.example"))
                == .answered(.naptr([found]), lifetime: .seconds(9)))
    }

    /// RFC 2308: the SOA says how long.
    @Test func thatThereIsNothingHasALifetime() {
        var soa = [UInt8](repeating: 0, count: 22)
        soa[21] = 77
        #expect(
            DNSReply(
                message: message([], authorities: [record(6, lifetime: 200, soa)]),
                to: Self.question) == .answered(.nothing, lifetime: .seconds(77)))
        #expect(
            DNSReply(message: message([]), to: Self.question)
                == .answered(.nothing, lifetime: .seconds(60)))
    }

    @Test func aRootTargetIsEmpty() {
        let none: [UInt8] = [0, 0, 0, 0, 0, 0, 0]
        let found = SRVRecord(priority: 0, weight: 0, port: 0, target: "")
        #expect(
            DNSReply(message: message([record(33, lifetime: 60, none)]), to: Self.question)
                == .answered(.srv([found]), lifetime: .seconds(60)))
    }

    @Test func pointersDoNotLeadInCircles() {
        let toItself = [0, 10, 0, 5, 0x13, 0xCE, 0xC0, 55] as [UInt8]
        #expect(
            DNSReply(message: message([record(33, lifetime: 60, toItself)]), to: Self.question)
                == .failed)
    }

    /// Whatever a stranger sends: an answer or none, never a trap.
    @Test func damagedMessagesAreSurvived() {
        let seed = Seed(for: "DNSMessageTests")
        var random = seed.generator()
        let whole = message([record(33, lifetime: 60, srv), record(35, lifetime: 30, srv)])
        for length in 0..<whole.count {
            _ = DNSReply(message: Array(whole.prefix(length)), to: Self.question)
        }
        for _ in 0..<20_000 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: damaged.indices, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            _ = DNSReply(message: damaged, to: Self.question)
            _ = DNSReply(message: damaged, to: .naptr("a.example"))
        }
    }
}
