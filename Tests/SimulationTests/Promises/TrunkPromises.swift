import TrunkEvents

@testable import SIPAgent

/// What the configuration promises of a trunk: no second with more new calls than its carrier
/// takes, and the last channels for emergencies.
struct TrunkPromises {
    /// A waiting call goes at the timer wheel's next tick.
    private static let window = Nanoseconds.milliseconds(980)

    private let trunks: [TrunkName: TrunkConfiguration]
    private let emergencyNumbers: Set<Octets>
    private var emergencies: Set<CallID> = []
    /// This process's outbound seizures that count for the rate, the latest last.
    private var seizures: [TrunkName: [MonotonicInstant]] = [:]

    init(_ configuration: AgentConfiguration) {
        trunks = Dictionary(uniqueKeysWithValues: configuration.trunks.map { ($0.name, $0) })
        emergencyNumbers = Set(configuration.numbering.emergencyNumbers)
    }

    /// Another process has other turns to give.
    mutating func beginLife() { seizures = [:] }

    mutating func check(_ event: Event, at now: MonotonicInstant) -> String? {
        switch event {
        case .callStarted(let fact):
            if emergencyNumbers.contains(fact.bRaw) { emergencies.insert(fact.call) }
            return nil
        case .channelSeized(let fact) where !emergencies.contains(fact.call):
            return reserveFault(fact) ?? rateFault(fact, now)
        default:
            return nil
        }
    }

    private func reserveFault(_ fact: ChannelSeized) -> String? {
        let reserve = trunks[fact.trunk]?.channels.emergencyReserve ?? 0
        guard fact.inUse + reserve > fact.cap else { return nil }
        return "\(fact.call) took a channel of \(fact.trunk) that is kept for emergencies"
    }

    private mutating func rateFault(
        _ fact: ChannelSeized, _ now: MonotonicInstant
    ) -> String? {
        guard fact.direction == .outbound,
            let limit = trunks[fact.trunk]?.callsPerSecond?.callsPerSecond
        else { return nil }
        var recent = seizures[fact.trunk] ?? []
        recent.removeAll { $0.duration(to: now) >= Self.window }
        recent.append(now)
        seizures[fact.trunk] = recent
        guard recent.count > Int(limit) else { return nil }
        return "\(recent.count) new calls on \(fact.trunk) within a second, \(limit) allowed"
    }
}
