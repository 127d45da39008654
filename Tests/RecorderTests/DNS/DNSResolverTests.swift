import SIPAgent
import TestSupport
import Testing
import TrunkEvents

@testable import Recorder

/// c-ares before a real name server.
@Suite struct DNSResolverTests {
    private func replies(
        from server: Peer, to questions: [DNSQuestion]
    ) async throws -> [DNSQuestion: DNSReply] {
        let address = try #require(IPAddress(server.address))
        let settings = DNSSettings(
            servers: [Endpoint(address: address, port: UInt16(server.port))],
            timeout: .milliseconds(500))
        let (stream, continuation) = AsyncStream.makeStream(of: (DNSQuestion, DNSReply).self)
        let resolver = try DNSResolver(settings) { continuation.yield(($1, $0)) }
        resolver.ask(questions)
        var replies: [DNSQuestion: DNSReply] = [:]
        for await (question, reply) in stream {
            #expect(replies.updateValue(reply, forKey: question) == nil, "one reply each")
            if replies.count == questions.count { break }
        }
        resolver.close()
        return replies
    }

    @Test(.timeLimit(.minutes(1)))
    func recordsComeAsTheyWerePublished() async throws {
        guard Places.program("dnsmasq") != nil else {
            Issue.record("dnsmasq is not installed; run tools/setup --with-tests")
            return
        }
        try await withProcesses { scope in
            var zone = ZoneRecords()
            zone.naptr("carrier.example", 7, "SIP+D2T", to: "_sip._tcp.carrier.example")
            zone.srv("_sip._tcp.carrier.example", 20, "gw1.carrier.example", port: 5070)
            zone.host("gw1.carrier.example", "192.0.2.1")
            let server = try await scope.startNameServer(zone)
            let found = try await replies(
                from: server.peer,
                to: [
                    .naptr("carrier.example"), .srv("_sip._tcp.carrier.example"),
                    .addresses("gw1.carrier.example"), .srv("_sip._udp.carrier.example"),
                    .addresses("gw2.carrier.example"),
                ])
            let naptr = NAPTRRecord(
                order: 7, preference: 10, flags: "s", service: "SIP+D2T",
                replacement: "_sip._tcp.carrier.example")
            let srv = SRVRecord(
                priority: 20, weight: 10, port: 5070, target: "gw1.carrier.example")
            let second = Nanoseconds.seconds(1)
            #expect(
                found[.naptr("carrier.example")] == .answered(.naptr([naptr]), lifetime: second))
            #expect(
                found[.srv("_sip._tcp.carrier.example")]
                    == .answered(.srv([srv]), lifetime: second))
            #expect(
                found[.addresses("gw1.carrier.example")]
                    == .answered(.addresses([IPAddress(v4: 0xC000_0201)]), lifetime: second))
            for question in [
                DNSQuestion.srv("_sip._udp.carrier.example"), .addresses("gw2.carrier.example"),
            ] {
                #expect(found[question] == .answered(.nothing, lifetime: .seconds(60)))
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aDeadServerIsAFailure() async throws {
        let nobody = Peer("127.0.0.1")
        let questions: [DNSQuestion] = [.srv("_sip._udp.a.example"), .addresses("a.example")]
        let found = try await replies(from: nobody, to: questions)
        #expect(found.values.allSatisfy { $0 == .failed })
    }
}
