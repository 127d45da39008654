import TrunkEvents

@testable import SIPAgent

/// The whole agent, sans-IO: messages of a dialer, a carrier and a stranger, each behind byte 1 and
/// a byte that says who sends it and how much later. A stranger is never answered.
enum AgentProperties {
    private static let listener = endpoint(1, 5_062)
    private static let dialer = endpoint(2, 5_060)
    private static let carrier = endpoint(3, 5_070)
    private static let stranger = Endpoint(address: IPAddress(v4: 0xC000_0242), port: 5_060)
    private static let stepsMax = 64

    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        guard let configuration else { return }
        var agent = AgentCore(configuration: configuration, entropy: .seeded(1))
        var clock = UInt64(5_000_000_000)
        var output = AgentOutput()
        agent.start(recovering: RecoveredState(), at: moment(clock), into: &output)
        for step in input.split(separator: 1, omittingEmptySubsequences: true).prefix(stepsMax) {
            let choice = step[step.startIndex]
            output.removeAll()
            // Up to 63 times 250 ms.
            clock += UInt64(choice >> 2) * 250_000_000
            agent.advance(to: moment(clock), into: &output)
            output.removeAll()
            let source = [dialer, carrier, stranger, dialer][Int(choice & 3)]
            agent.receive(
                Array(step.dropFirst()), from: source, on: listener, at: moment(clock),
                into: &output)
            if source == stranger { try checkSilence(output) }
        }
        // Whatever came, the timers run out.
        clock += 400_000_000_000
        agent.advance(to: moment(clock), into: &output)
    }

    private static func checkSilence(_ output: AgentOutput) throws(BrokenProperty) {
        for step in output.steps {
            if case .send = step { throw BrokenProperty(description: "a stranger is answered") }
        }
    }

    private static func endpoint(_ host: UInt32, _ port: UInt16) -> Endpoint {
        Endpoint(address: IPAddress(v4: 0x7F00_0000 + host), port: port)
    }

    private static func moment(_ monotonic: UInt64) -> Moment {
        Moment(
            wall: WallInstant(nanoseconds: 1_700_000_000_000_000_000 + Int64(monotonic)),
            monotonic: MonotonicInstant(nanoseconds: monotonic))
    }

    private static let configuration: AgentConfiguration? = {
        guard let name = ShortName("one") else { return nil }
        let trunk = TrunkConfiguration(
            name: TrunkName(name), carrier: CarrierName(name), server: .endpoint(carrier),
            domain: "carrier.example.com", sources: [AddressRange(base: carrier.address)],
            channels: .init(total: 2), probeInterval: nil)
        return AgentConfiguration(
            node: name, listeners: [listener],
            dialers: [
                DialerConfiguration(
                    name: name, sources: [AddressRange(base: dialer.address)], contact: dialer)
            ],
            trunks: [trunk], routes: [RouteConfiguration(prefix: "+1", trunks: [trunk.name])],
            inboundNumbers: [InboundNumberConfiguration(number: "+12125550100", dialer: name)],
            numbering: NumberingPlan(country: "1", internationalPrefixes: ["011"]))
    }()
}
