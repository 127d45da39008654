import TestSupport
import TrunkEvents

/// A disk that is slow, full or out of order for a while. Its log is elsewhere: the disk only says
/// what becomes of a commit, and when.
struct SimulatedDisk {
    enum Outcome {
        case durable
        /// Nothing of it is recorded.
        case refused
        /// Nobody is told, and the process ends.
        case unknown
    }

    private enum Health {
        case sound
        case slow(until: MonotonicInstant)
        /// The reserve alone is left.
        case full(until: MonotonicInstant)
        case failing(until: MonotonicInstant)
    }

    private let weather: DiskWeather
    private var health = Health.sound
    /// Commits are durable from here on: a run ends in good weather.
    var isCalm = false

    init(_ weather: DiskWeather) {
        self.weather = weather
    }

    mutating func commit(
        isReserve: Bool, at now: MonotonicInstant, _ random: inout SeededGenerator
    ) -> (Outcome, at: MonotonicInstant) {
        changeHealth(at: now, &random)
        let usual = Nanoseconds(
            Int64.random(in: weather.commitMicroseconds, using: &random) * 1_000)
        if !isCalm, random.happens(weather.unknownChance, in: 10_000) {
            return (.unknown, now.advanced(by: usual))
        }
        switch health {
        case .sound:
            return (.durable, now.advanced(by: usual))
        case .slow:
            return (.durable, now.advanced(by: random.milliseconds(weather.slowMilliseconds)))
        case .full:
            return (isReserve ? .durable : .refused, now.advanced(by: usual))
        case .failing:
            return (.refused, now.advanced(by: usual))
        }
    }

    private mutating func changeHealth(
        at now: MonotonicInstant, _ random: inout SeededGenerator
    ) {
        switch health {
        case .slow(let until), .full(let until), .failing(let until):
            if until <= now || isCalm { health = .sound }
        case .sound:
            guard !isCalm else { return }
            let until = now.advanced(by: random.milliseconds(weather.illnessMilliseconds))
            if random.happens(weather.slowChance, in: 10_000) {
                health = .slow(until: until)
            } else if random.happens(weather.fullChance, in: 10_000) {
                health = .full(until: until)
            } else if random.happens(weather.failingChance, in: 10_000) {
                health = .failing(until: until)
            }
        }
    }
}
