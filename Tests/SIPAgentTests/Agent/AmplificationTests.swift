import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

/// Whoever has shown nothing but a source address, which may be forged, gets little: a stranger
/// nothing at all, a dialer's address that has to show a password one answer for each request,
/// hardly larger than it.
@Suite struct AmplificationTests {
    /// Requests of every method, and spoiled ones.
    private func requests(_ seed: Seed) -> [[UInt8]] {
        var random = seed.generator()
        let models = Method.allCases.filter { $0 != .other && $0 != .ack }.map { method in
            Cast.dialer.request(
                "\(method.name)", uri: "sip:2125550199@127.0.0.1:5062",
                branch: "z9hG4bK-\(method.name)", to: "<sip:2125550199@127.0.0.1>",
                callID: "c-\(method.name)", sequence: 1,
                from: "<sip:a@127.0.0.2>;tag=1", headers: ["Contact: <sip:a@127.0.0.2>"],
                body: AgentBed.sdp)
        }
        let required = Cast.dialer.invite("required", headers: ["Require: nonsense"])
        let unknown = Cast.dialer.request(
            "BYE", uri: "sip:x@127.0.0.1", branch: "z9hG4bK-unknown", to: "<sip:x@y>;tag=nobody",
            callID: "unknown", sequence: 1, from: "<sip:a@b>;tag=1", headers: [], body: .empty)
        var all = models + [required, unknown]
        for _ in 0..<2_000 {
            var bytes = all[Int.random(in: 0..<models.count + 2, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                } else {
                    bytes.remove(at: place)
                }
            }
            all.append(bytes)
        }
        return all
    }

    @Test func strangersGetNothing() {
        let seed = Seed(for: "strangersGetNothing")
        let bed = AgentBed()
        for request in requests(seed) { bed.receive(request, from: AgentBed.stranger) }
        bed.run(for: .seconds(120))
        #expect(bed.sent.isEmpty, "\(seed)")
        #expect(bed.kinds.allSatisfy { $0 == .strangersDropped }, "\(seed)")
    }

    @Test func anAddressWithoutItsPasswordGetsOneAnswerOfAboutTheSameSize() {
        let seed = Seed(for: "anAddressWithoutItsPasswordGetsOneAnswerOfAboutTheSameSize")
        // What a challenge and a line for each of many Vias take.
        let room = 256
        for request in requests(seed) {
            let bed = AgentBed(
                AgentBed.configuration { dialer in
                    dialer.credentials = Credentials(user: "pbx", password: "word")
                })
            bed.receive(request, from: AgentBed.dialer)
            bed.run(for: .seconds(120))
            #expect(bed.sent.count <= 1, "\(Octets(request)) \(seed)")
            let size = bed.sent.first?.bytes.count ?? 0
            #expect(size <= request.count + room, "\(Octets(request)) \(seed)")
            #expect(bed.events(.callStarted).isEmpty, "\(Octets(request)) \(seed)")
        }
    }
}
