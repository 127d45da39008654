import Testing
import TrunkEvents

@testable import SIPAgent

/// The records of a name server, which answers whatever is asked.
struct Zone {
    var records: [DNSQuestion: DNSAnswer] = [:]
    /// It says that it cannot say.
    var failing: Set<DNSQuestion> = []
    var lifetime = Nanoseconds.seconds(300)

    mutating func naptr(_ name: Octets, _ lines: (UInt16, UInt16, Octets, Octets)...) {
        records[.naptr(name)] = .naptr(
            lines.map { order, preference, service, replacement in
                NAPTRRecord(
                    order: order, preference: preference, flags: "s", service: service,
                    replacement: replacement)
            })
    }

    mutating func srv(_ name: Octets, _ lines: (UInt16, UInt16, UInt16, Octets)...) {
        records[.srv(name)] = .srv(
            lines.map { SRVRecord(priority: $0, weight: $1, port: $2, target: $3) })
    }

    mutating func host(_ name: Octets, _ addresses: String...) {
        records[.addresses(name)] = .addresses(addresses.compactMap { IPAddress($0) })
    }

    func reply(to question: DNSQuestion) -> DNSReply {
        if failing.contains(question) { return .failed }
        return .answered(records[question] ?? .nothing, lifetime: lifetime)
    }
}

/// A locator with a resolver before a zone.
struct LocatorBed {
    var zone: Zone
    var locator = Locator()
    var now = instant(0)
    /// In the order in which they were asked.
    private(set) var asked: [DNSQuestion] = []
    private var entropy = Entropy.seeded(7)

    init(_ zone: Zone, _ names: [ServerName], listeners: [String] = ["udp:127.0.0.1:5060"]) {
        self.zone = zone
        locator.serve(names, reaching: reach(listeners), at: now)
    }

    /// Answers all questions that are due now, and those that follow from the answers.
    mutating func resolve() {
        locator.advance(to: now)
        while true {
            let questions = locator.takeQuestions()
            if questions.isEmpty { return }
            asked += questions
            for question in questions {
                _ = locator.receive(
                    zone.reply(to: question), to: question, at: now, entropy: &entropy)
            }
        }
    }

    mutating func pass(_ span: Nanoseconds) {
        let end = now.advanced(by: span)
        while let due = locator.deadline, due <= end {
            now = max(now, due)
            resolve()
        }
        now = end
    }

    /// `PRIORITY WEIGHT ENDPOINT...` of each target.
    func targets(of name: ServerName) -> [String] {
        locator.targets(of: name).map { target in
            (["\(target.priority)", "\(target.weight)"] + target.endpoints.map(\.description))
                .joined(separator: " ")
        }
    }
}

func reach(_ listeners: [String]) -> TransportReach {
    TransportReach(
        listeners.compactMap { text in
            let parts = text.split(separator: ":", maxSplits: 1)
            let host = parts[1].prefix(upTo: parts[1].lastIndex(of: ":") ?? parts[1].endIndex)
            guard let address = IPAddress(host.filter { !"[]".contains($0) }) else { return nil }
            let transport: TransportProtocol =
                parts[0] == "tls" ? .tls : parts[0] == "tcp" ? .tcp : .udp
            return Endpoint(transport: transport, address: address, port: 5060)
        })
}
