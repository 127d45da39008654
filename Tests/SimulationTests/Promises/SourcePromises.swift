import TrunkEvents

@testable import SIPAgent

/// What the configuration promises of sources: none has more requests taken outside calls than its
/// rate allows, one that is banned gets no answer, and nobody is banned but who guesses.
struct SourcePromises {
    private let rate: Int?
    private let ban: BanRules?
    private let guessers: Set<IPAddress>
    /// Requests of this process's life that were answered at once, the latest last.
    private var taken: [IPAddress: [MonotonicInstant]] = [:]
    private var bans: [IPAddress: MonotonicInstant] = [:]
    /// Of all lives.
    private(set) var banCount = 0

    private static let windows = [Nanoseconds.seconds(1), .seconds(10)]

    init(_ settings: SecuritySettings, guessers: Set<IPAddress>) {
        rate = settings.requestRate.map { Int($0.requestsPerSecond) }
        ban = settings.ban
        self.guessers = guessers
    }

    /// Another process counts anew.
    mutating func beginLife() {
        taken = [:]
        bans = [:]
    }

    mutating func check(_ event: Event, at now: MonotonicInstant) -> String? {
        guard case .sourceBanned(let fact) = event, let ban else { return nil }
        banCount += 1
        bans[fact.source] = now.advanced(by: ban.duration)
        return guessers.contains(fact.source) ? nil : "\(fact.source) is banned and did not guess"
    }

    /// A datagram came in, and this is what the agent made of it.
    mutating func check(
        _ datagram: Datagram, answeredBy output: AgentOutput, at now: MonotonicInstant
    ) -> String? {
        guard let request = SIPMessage(own: datagram.bytes), request.to.tag == nil,
            let method = request.method, method != .ack, method != .cancel,
            isAnswered(request, to: datagram.source, output)
        else { return nil }
        let source = datagram.source.address
        if let end = bans[source], now < end { return "\(source) is banned and got an answer" }
        guard let rate else { return nil }
        var instants = taken[source] ?? []
        instants.append(now)
        instants.removeAll { $0.duration(to: now) > .seconds(10) }
        taken[source] = instants
        for window in Self.windows {
            // As many at once as come back in a second.
            let most = rate * Int(window.count / 1_000_000_000 + 1)
            let count = instants.count { $0.duration(to: now) < window }
            if count > most { return "\(count) requests of \(source) were taken, \(most) allowed" }
        }
        return nil
    }

    private func isAnswered(
        _ request: SIPMessage, to source: Endpoint, _ output: AgentOutput
    ) -> Bool {
        let branch = request.topVia.branch ?? []
        return output.steps.contains { step in
            guard case .send(let message) = step, message.remote == source,
                let sent = SIPMessage(own: message.bytes), sent.status != nil
            else { return false }
            return (sent.topVia.branch ?? []).elementsEqual(branch)
        }
    }
}
