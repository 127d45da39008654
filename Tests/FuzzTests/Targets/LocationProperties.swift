import TrunkEvents

@testable import SIPAgent

/// A server is located by whatever records DNS may hold (RFC 3263): the walk ends, asks each
/// question once, and no host is asked twice for one request.
///
/// The input is a tape: what the server's URI says, then an answer to each question in its turn.
enum LocationProperties {
    /// NAPTR, an SRV for each of its services and each transport, the hosts, and the name itself.
    private static let questionsMax = 1 + 4 + 3 + DNSAnswer.recordsMax + 1

    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        var tape = Tape(rest: input[...])
        let reach = TransportReach(listeners)
        let name = tape.server()
        var locator = Locator()
        var entropy = Entropy.seeded(UInt64(input.count))
        let now = MonotonicInstant(nanoseconds: 0)
        locator.serve([name], reaching: reach, at: now)
        locator.advance(to: now)
        var asked: Set<DNSQuestion> = []
        while true {
            let questions = locator.takeQuestions()
            if questions.isEmpty { break }
            for question in questions {
                try hold(asked.insert(question).inserted, "a question is asked once")
                _ = locator.receive(
                    tape.reply(to: question), to: question, at: now, entropy: &entropy)
            }
            try hold(asked.count <= questionsMax, "a walk asks so many questions and no more")
        }
        let hops = locator.targets(of: name).drawn(using: &entropy)
        try hold(Set(hops).count == hops.count, "no host is asked twice")
        for hop in hops {
            try hold(reach.reaches(hop.address, over: hop.transport), "each host can be reached")
        }
    }

    private static let listeners = [TransportProtocol.udp, .tcp, .tls].map { transport in
        Endpoint(transport: transport, address: IPAddress(v4: 0x7F00_0001), port: 5060)
    }
}

/// Bytes as choices; zeros once it has run out.
private struct Tape {
    var rest: Bytes

    private mutating func next() -> UInt8 { rest.popFirst() ?? 0 }

    /// Few names, so that they lead to each other.
    private mutating func name() -> Octets {
        let choice = next() % 9
        return choice == 8 ? .empty : Octets("n\(choice).example")
    }

    mutating func server() -> ServerName {
        let transports: [ServerName.Transport] = [.any, .secure, .exactly(.udp), .exactly(.tls)]
        let transport = transports[Int(next() % 4)]
        let port = UInt16(next())
        return ServerName(host: "n0.example", port: port < 192 ? nil : port, transport: transport)
    }

    mutating func reply(to question: DNSQuestion) -> DNSReply {
        let choice = next()
        if choice == 255 { return .failed }
        let count = Int(choice % 40)
        let lifetime = Nanoseconds.seconds(Int64(next()))
        if count == 0 { return .answered(.nothing, lifetime: lifetime) }
        return .answered(answer(question, count), lifetime: lifetime)
    }

    /// Sometimes of another kind than was asked for.
    private mutating func answer(_ question: DNSQuestion, _ count: Int) -> DNSAnswer {
        switch (question, next()) {
        case (_, 255): .addresses(addresses(count))
        case (.naptr, 254), (.srv, 0...253), (.addresses, 254): .srv(services(count))
        case (.naptr, _), (.srv, _): .naptr(pointers(count))
        case (.addresses, _): .addresses(addresses(count))
        }
    }

    private mutating func addresses(_ count: Int) -> [IPAddress] {
        (0..<count).map { _ in IPAddress(v4: 0xC000_0200 + UInt32(next())) }
    }

    private mutating func services(_ count: Int) -> [SRVRecord] {
        (0..<count).map { _ in
            SRVRecord(
                priority: UInt16(next() % 4), weight: UInt16(next()), port: UInt16(next()),
                target: name())
        }
    }

    private mutating func pointers(_ count: Int) -> [NAPTRRecord] {
        let services: [Octets] = ["SIP+D2U", "SIP+D2T", "SIPS+D2T", "sip+d2u", "E2U+sip"]
        return (0..<count).map { _ in
            NAPTRRecord(
                order: UInt16(next() % 4), preference: UInt16(next()),
                flags: next() < 224 ? "s" : "u", service: services[Int(next() % 5)],
                replacement: Octets("_s\(next() % 6).n1.example"))
        }
    }
}
