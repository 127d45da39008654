public import Ledger
import TestSupport
import TrunkEvents

/// What the agent of a busy call centre records in the course of days: the same events for the
/// same seed, on every machine.
///
/// Twelve calls begin each second, on eight trunks of three carriers with 100 channels each. A
/// third is answered and talks for 100 seconds on average; the others are not answered, busy,
/// given up, rejected, or refused by the carrier and tried on another trunk. Trunks register,
/// probes are answered, and every ten seconds comes a heartbeat. `BENCHMARKS.md` says more.
public struct CallTraffic: Sendable {
    enum Due {
        case newCall
        case call(CallStory)
        case heartbeat
        case probe(trunk: Int)
        case registration(trunk: Int)
    }

    static let callsPerSecond = 12.0
    /// 2026-11-22T14:00:00Z, in nanoseconds.
    static let begin: Int64 = 1_795_356_000_000_000_000

    private var random: SeededGenerator
    private var queue = DueQueue<Due>()
    private var trunks = TrunkBank()
    private var writer: FactWriter
    private var openCalls: UInt32 = 0
    private var callCount: UInt32 = 0

    /// - Parameter datagrams: whether `callStarted`, `attemptSent` and the answers hold whole SIP
    ///   messages, as the agent writes them, or none.
    public init(seed: UInt64, datagrams: Bool) {
        random = SeededGenerator(seed: seed)
        writer = FactWriter(datagrams: datagrams)
        writer.advance(to: 0, &random)
        for fact in trunks.firstFacts { writer.record(fact) }
        queue.add(.newCall, due: 1)
        queue.add(.heartbeat, due: 10_000_000_000)
        for trunk in trunks.names.indices {
            queue.add(.probe(trunk: trunk), due: 1_000_000 * Int64(trunk + 1))
            if trunk % 2 == 0 { queue.add(.registration(trunk: trunk), due: Int64(trunk)) }
        }
    }

    /// Replaces what is in `batch` by the next `count` events.
    public mutating func fill(_ batch: inout EventBatch, _ count: Int) {
        batch.removeAll()
        while writer.waiting < count { step() }
        writer.move(count, to: &batch)
    }

    private mutating func step() {
        let (now, due) = queue.removeFirst()
        writer.advance(to: now, &random)
        switch due {
        case .newCall:
            queue.add(.newCall, due: now + random.wait(mean: 1e9 / Self.callsPerSecond))
            callCount &+= 1
            openCalls += 1
            let id = CallID(
                startedAt: WallInstant(nanoseconds: Self.begin + now), counter: callCount)
            tell(CallStory(id, &random), at: now)
        case .call(let story):
            tell(story, at: now)
        case .heartbeat:
            writer.record(.heartbeat(Heartbeat(openCalls: openCalls)))
            queue.add(due, due: now + 10_000_000_000)
        case .probe(let trunk):
            writer.record(trunks.probed(trunk, &random))
            queue.add(due, due: now + 300_000_000_000)
        case .registration(let trunk):
            writer.record(trunks.registered(trunk))
            queue.add(due, due: now + 55_000_000_000)
        }
    }

    /// Lets the call record what is due now, and puts down when it goes on.
    private mutating func tell(_ story: CallStory, at now: Int64) {
        var story = story
        let wait = story.tell(&writer, &trunks, &random)
        if let wait {
            queue.add(.call(story), due: now + wait)
        } else {
            openCalls -= 1
        }
    }
}

extension SeededGenerator {
    /// Exponentially distributed, in nanoseconds, a millisecond at least: the gaps of calls that
    /// begin independently, and the lengths of conversations.
    mutating func wait(mean: Double) -> Int64 {
        // -ln(u) by its series: the same bits on every machine, which a library's log is not.
        let unit = Double(next() >> 11) * 0x1p-53
        return max(1_000_000, Int64(mean * Self.exponential(unit)))
    }

    /// The quantile of the exponential distribution with mean 1: -ln(1 - unit).
    private static func exponential(_ unit: Double) -> Double {
        // ln(1 - u) = ln(m) - k ln(2) with 1 - u = m / 2^k, m in (0.5, 1].
        var rest = 1 - unit
        var halvings = 0.0
        while rest <= 0.5 {
            rest *= 2
            halvings += 1
        }
        // ln(m) = 2 artanh((m - 1) / (m + 1)); the argument lies in (-1/3, 0].
        let ratio = (rest - 1) / (rest + 1)
        let square = ratio * ratio
        var sum = 0.0
        var power = ratio
        for odd in stride(from: 1.0, through: 21, by: 2) {
            sum += power / odd
            power *= square
        }
        return halvings * 0.6931471805599453 - 2 * sum
    }

    mutating func below(_ bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }

    /// Lower-case hexadecimal digits.
    mutating func hexadecimal(_ count: Int) -> [UInt8] {
        digits(count, of: Array("0123456789abcdef".utf8))
    }

    mutating func digits(_ count: Int, of alphabet: [UInt8]) -> [UInt8] {
        (0..<count).map { _ in alphabet[Int(below(UInt64(alphabet.count)))] }
    }
}
