import Ledger
import Projections
import TestSupport
import TrunkEvents

/// Logs as a busy, unlucky agent might write them: calls of every fate, interleaved, with crashes,
/// stops, clock steps, probes and registrations.
struct CallGenerator {
    private var random: SeededGenerator
    private var log = LogBuilder()
    private var now: Int64 = 0
    private var callCount: UInt32 = 0
    /// What each open call still has to tell, next event first.
    private var scripts: [(call: CallID, events: [Event])] = []

    init(_ seed: Seed) {
        random = seed.generator()
    }

    static func entries(_ seed: Seed, count: Int) -> [LogEntry] {
        var generator = CallGenerator(seed)
        return generator.run(count)
    }

    private mutating func run(_ count: Int) -> [LogEntry] {
        log.boot(at: 0)
        for trunk in [alpha1, alpha2, beta1] { configure(trunk, maintenance: []) }
        while log.entries.count < count { step() }
        return Array(log.entries.prefix(count))
    }

    private mutating func step() {
        now += Int64.random(in: 0...3_000, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0: restart(stopsFirst: true)
        case 1: restart(stopsFirst: false)
        case 2: log.wallOffset += Int64.random(in: -5_000...5_000, using: &random)
        case 3...8: log.add(now, health())
        case 9: log.add(now, .heartbeat(Heartbeat(openCalls: UInt32(scripts.count))))
        case 10: reconfigure()
        case 11...30: begin()
        default: tellNext()
        }
    }

    private mutating func configure(_ trunk: TrunkName, maintenance: [Octets]) {
        switch trunk {
        case alpha1:
            log.configure(
                trunk, of: alpha, channels: 4, .registration, maintenance: maintenance, at: now)
        case alpha2:
            log.configure(trunk, of: alpha, channels: 3, maintenance: maintenance, at: now)
        default:
            log.configure(
                trunk, of: beta, channels: 5, isProbed: false, maintenance: maintenance, at: now)
        }
    }

    /// The same trunk with other windows of maintenance, near now, or none.
    private mutating func reconfigure() {
        let from = now + Int64.random(in: -600...600, using: &random) * 1_000
        let length = Int64.random(in: 1...900, using: &random) * 1_000
        let dated = Octets("\(after(from).utcText)/\(after(from + length).utcText)")
        let windows: [Octets] = [dated, "sun 14:05-14:15", "sun 15:10-15:30 +01:00"]
        let trunk = [alpha1, alpha2, beta1].randomElement(using: &random) ?? alpha1
        configure(trunk, maintenance: windows.filter { _ in Bool.random(using: &random) })
    }

    private mutating func restart(stopsFirst: Bool) {
        if stopsFirst {
            log.add(now, .agentStopped(AgentStopped(reason: .terminated, openCalls: 0)))
        }
        let lower = log.entries.last?.wall ?? start
        now += Int64.random(in: 100...60_000, using: &random)
        log.boot(at: now)
        let upper = log.entries.last?.wall ?? start
        for script in scripts {
            let fact = CallRecovered(
                call: script.call, endLowerBound: lower, endUpperBound: upper)
            if Bool.random(using: &random) {
                let call = CallScript(call: script.call)
                log.add(now, call.ended(.agent, .recovery))
            }
            log.add(now, .callRecovered(fact))
        }
        scripts = scripts.map { script in
            let isRelease = { (event: Event) in event.kind == .channelReleased }
            return (script.call, script.events.filter(isRelease))
        }.filter { !$0.events.isEmpty }
    }

    private mutating func tellNext() {
        guard !scripts.isEmpty else { return begin() }
        let index = Int.random(in: scripts.indices, using: &random)
        log.add(now, scripts[index].events.removeFirst())
        if scripts[index].events.isEmpty { scripts.remove(at: index) }
    }

    private mutating func begin() {
        callCount += 1
        var call = CallScript(call: callID(callCount))
        call.direction = Bool.random(using: &random) ? .outbound : .inbound
        call.trunk = [alpha1, alpha2, beta1].randomElement(using: &random) ?? alpha1
        log.add(now, call.started)
        scripts.append((call.call, fate(call)))
    }

    private mutating func fate(_ call: CallScript) -> [Event] {
        let setup = [call.seized(), call.sent, call.progressed(180)]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return [call.refused(.cap), call.ended(.agent, .finalResponse, 503)]
        case 1:
            return setup + [
                call.failed(.rejected, 486), call.released(),
                call.ended(.remote, .finalResponse, 486),
            ]
        case 2:
            return setup + [
                call.ended(.local, .cancel), call.failed(.cancelled, 487), call.released(),
            ]
        case 3:
            var second = call
            second.trunk = beta1
            second.attempt = second.attempt.next
            return setup + [
                call.failed(.timeout), call.released(), second.seized(), second.sent,
                second.answered, second.callAnswered, second.released(),
                second.ended(.remote, .bye),
            ]
        default:
            return setup + [
                call.answered, call.callAnswered, call.ended(.local, .bye), call.released(),
            ]
        }
    }

    private mutating func health() -> Event {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            .trunkReachable(
                TrunkReachable(trunk: alpha2, code: .code(200), roundTrip: .milliseconds(2)))
        case 1: .trunkUnreachable(TrunkUnreachable(trunk: alpha2, cause: .timeout))
        case 2: .registrationExpired(RegistrationExpired(trunk: alpha1))
        case 3:
            .registrationFailed(
                RegistrationFailed(
                    trunk: alpha1, cause: .rejected, code: .code(403), reason: "Forbidden"))
        default:
            .registrationSucceeded(
                RegistrationSucceeded(trunk: alpha1, registrar: carrierEnd, expiresSeconds: 60))
        }
    }
}
