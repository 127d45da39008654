import Foundation
import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct AgentReceivingTests {
    /// RFC 4475's messages from a dialer: what the manifest allows, and the next call is taken.
    @Test func tortureMessagesAreAnsweredOrDroppedAndTheNextCallIsTaken() throws {
        guard let folder = Places.shared("corpus/rfc4475") else { return }
        let manifest = try String(contentsOfFile: "\(folder)/MANIFEST.tsv", encoding: .utf8)
        for line in manifest.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(fields[0]).dat"))
            let bed = AgentBed()
            bed.receive(Array(data), from: AgentBed.dialer)
            let answers = bed.sent.map { Octets($0.bytes).description.prefix(11) }
                .filter { $0.hasPrefix("SIP/2.0 ") }
                .compactMap { Int($0.suffix(3)) }.filter { $0 >= 200 }
            let isAllowed = Self.allows(
                answers, String(fields[2]), isResponse: fields[4] == "response")
            #expect(isAllowed, "\(fields[0]): \(answers), \(fields[2])")
            bed.discardMail()
            try bed.hangUp(try bed.answeredCall())
        }
    }

    private static func allows(_ answers: [Int], _ expected: String, isResponse: Bool) -> Bool {
        if isResponse || expected == "drop" { return answers.isEmpty }
        guard answers.count == 1, let answer = answers.first else { return false }
        let codes = expected.split { !$0.isNumber }.compactMap { Int($0) }
        if expected.contains("4xx") { return (400...499).contains(answer) }
        return codes.contains(answer)
            || expected.contains("accept") && answer != 400 && answer != 505
    }

    @Test func anyBytesLeaveTheAgentAbleToTakeTheNextCall() throws {
        let seed = Seed(for: "anyBytesLeaveTheAgentAbleToTakeTheNextCall")
        var random = seed.generator()
        let bed = AgentBed()
        let call = try bed.answeredCall()
        let bye = Cast.dialer.request("BYE", after: call.answer, sequence: 0)
        let models = bed.sent.map(\.bytes) + [Cast.dialer.invite("x-1"), bye]
        for _ in 0..<3_000 {
            var bytes = models.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes.prefix(place).suffix(9), at: place)
                }
            }
            let source = [AgentBed.dialer, AgentBed.alpha, AgentBed.beta]
                .randomElement(using: &random) ?? AgentBed.dialer
            bed.receive(bytes, from: source)
        }
        bed.discardMail()
        bed.run(for: .seconds(300))
        bed.discardMail()
        _ = try bed.answeredCall("call-after")
    }
}

// Messages at the edge of what can be taken: the agent adds headers and must not break over them.
extension AgentReceivingTests {
    @Test func anInviteThatWouldGrowTooLargeIsRefused() throws {
        let bed = AgentBed()
        let many = (0..<247).map { "X-\($0): 1" }
        bed.receive(Cast.dialer.invite("big-1", headers: many), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "513 INVITE")
        let long = "X-Long: \(String(repeating: "x", count: 65_100))"
        bed.receive(Cast.dialer.invite("big-2", headers: [long]), from: AgentBed.dialer)
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.receive(
            Cast.alpha.invite("big-4", to: "12125550100", headers: many), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "513 INVITE")
        bed.discardMail()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request(
                "INVITE", after: call.answer, sequence: 2, headers: many, body: AgentBed.sdp),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "513 INVITE")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func oddAddressesCross() throws {
        let bed = AgentBed()
        let invite = Octets(Cast.dialer.invite("odd-1")).description
        let tel = invite.replacing(
            "INVITE sip:2125550199@127.0.0.1:5062", with: "INVITE tel:+1-212-555-0199;x=%zz")
        bed.receive(Array(tel.utf8), from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.alpha, "INVITE").uri == "sip:+12125550199@127.0.0.3:5070")
        let second = Octets(Cast.dialer.invite("odd-2")).description.replacing(
            "Contact: <sip:3105550100@127.0.0.2:5060>",
            with: "Contact: <sip:3105550100@127.0.0.2:5060;x=1?Subject=y>")
        bed.receive(Array(second.utf8), from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: forwarded, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(
            Cast.alpha.request("INVITE", within: forwarded, sequence: 1, body: AgentBed.sdp),
            from: AgentBed.alpha)
        #expect(
            try bed.expect(AgentBed.dialer, "INVITE").uri == "sip:3105550100@127.0.0.2:5060;x=1")
        bed.receive(
            Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        bed.receive(Cast.dialer.cancel("odd-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
