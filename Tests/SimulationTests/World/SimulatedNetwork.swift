import SIPAgent
import TestSupport
import TrunkEvents

/// A datagram under way.
struct Datagram {
    let bytes: [UInt8]
    let source: Endpoint
    let destination: Endpoint
}

/// A network that loses, doubles, delays, reorders, storms and falls apart.
struct SimulatedNetwork {
    private let weather: NetworkWeather
    /// Peers that the agent cannot reach, nor they the agent, until then.
    private var cutOff: [Endpoint: MonotonicInstant] = [:]
    /// The end of the last such time.
    private var lastCut: [Endpoint: MonotonicInstant] = [:]
    /// Nothing is lost any more: a run ends in good weather.
    var isCalm = false

    init(_ weather: NetworkWeather) {
        self.weather = weather
    }

    /// When the copies of a message arrive, if any does.
    mutating func carry(
        _ message: OutgoingMessage, peer: Endpoint, at now: MonotonicInstant,
        _ random: inout SeededGenerator, deliver: (Datagram, MonotonicInstant) -> Void
    ) {
        if !isCalm, random.happens(weather.partitionChance, in: 10_000) {
            let end = now.advanced(by: random.milliseconds(weather.partitionMilliseconds))
            (cutOff[peer], lastCut[peer]) = (end, end)
        }
        if let until = cutOff[peer] {
            guard until < now else { return }
            cutOff[peer] = nil
        }
        let whole = Datagram(
            bytes: message.bytes, source: message.local, destination: message.remote)
        for _ in 0..<copies(&random) {
            deliver(whole, now.advanced(by: random.milliseconds(weather.delayMilliseconds)))
        }
        let isResponse = message.bytes.starts(with: Self.responseStart)
        if !isCalm, isResponse, message.local == peer, random.percent(weather.truncatedPercent) {
            let length = Int.random(in: 0..<message.bytes.count, using: &random)
            let cut = Datagram(
                bytes: Array(message.bytes.prefix(length)), source: message.local,
                destination: message.remote)
            deliver(cut, now.advanced(by: random.milliseconds(weather.delayMilliseconds)))
        }
    }

    /// Whether the agent could not reach that peer at some moment of the `span` before `now`.
    func wasCutOff(
        _ peer: Endpoint, within span: Nanoseconds, before now: MonotonicInstant
    ) -> Bool {
        lastCut[peer].map { $0.duration(to: now) < span } ?? false
    }

    private static let responseStart = Array("SIP/2.0 ".utf8)

    private func copies(_ random: inout SeededGenerator) -> Int {
        guard !isCalm else { return 1 }
        if random.percent(weather.lossPercent) { return 0 }
        if random.percent(weather.stormPercent) { return Int.random(in: 2...12, using: &random) }
        return random.percent(weather.duplicatePercent) ? 2 : 1
    }
}
