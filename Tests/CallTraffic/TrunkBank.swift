import TestSupport
import TrunkEvents

/// The trunks that calls share, and how many of their channels are held.
struct TrunkBank {
    static let cap: UInt32 = 100
    let names: [TrunkName]
    let carriers: [CarrierName]
    private(set) var inUse: [UInt32]

    init() {
        let labels = [
            "alpha-1", "alpha-2", "alpha-3", "beta-1", "beta-2", "beta-3", "gamma-1", "gamma-2",
        ]
        names = labels.compactMap { TrunkName($0) }
        carriers = labels.compactMap { CarrierName($0.prefix { $0 != "-" }) }
        inUse = Array(repeating: 0, count: labels.count)
    }

    /// Where the trunk's carrier listens.
    func endpoint(_ trunk: Int) -> Endpoint {
        Endpoint(address: IPAddress(v4: 0xCB00_7100 + UInt32(trunk / 3)), port: 5060)
    }

    /// What a start of the agent records.
    var firstFacts: [Event] {
        guard let node = ShortName("pbx1") else { preconditionFailure("a short name") }
        let started = Event.agentStarted(AgentStarted(node: node, version: "1.0"))
        return [started] + names.indices.map { trunk in
            .trunkConfigured(
                TrunkConfigured(
                    trunk: names[trunk], carrier: carriers[trunk], channels: Self.cap,
                    authentication: trunk % 2 == 0 ? .registration : .address, isProbed: true))
        }
    }

    /// False when the trunk is full.
    mutating func seize(_ trunk: Int) -> Bool {
        guard inUse[trunk] < Self.cap else { return false }
        inUse[trunk] += 1
        return true
    }

    mutating func release(_ trunk: Int) { inUse[trunk] -= 1 }

    func probed(_ trunk: Int, _ random: inout SeededGenerator) -> Event {
        let time = Nanoseconds(15_000_000 + Int64(random.below(20_000_000)))
        return .trunkReachable(
            TrunkReachable(trunk: names[trunk], code: .code(200), roundTrip: time))
    }

    func registered(_ trunk: Int) -> Event {
        .registrationSucceeded(
            RegistrationSucceeded(
                trunk: names[trunk], registrar: endpoint(trunk), expiresSeconds: 60))
    }
}
