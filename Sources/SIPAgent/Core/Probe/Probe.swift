import TrunkEvents

/// What a probe wants done.
enum ProbeAction: Hashable, Sendable {
    case send(OptionsRequest)
    case record(Event)
}

/// Asks a carrier by OPTIONS whether it is there.
///
/// ```
///              nextAt: OPTIONS                answer, or answerWait over
///  Waiting ------------------------> Asking -------------------------------> Waiting
/// ```
///
/// | result | counts as |
/// |---|---|
/// | 500, 502, 503, 504, 408 | refused: it, or what stands behind it, takes no calls now |
/// | any other final answer, 401 and 404 too | reachable: the carrier answers |
/// | none, or it could not be sent | a timeout, a transport failure |
struct Probe: Sendable {
    private let settings: ProbeSettings
    private let callID: [UInt8]
    private let fromTag: [UInt8]
    private var cseq: UInt32 = 0
    private var phase: Phase
    /// In a row.
    private var failures: UInt32 = 0
    private var successes: UInt32 = 0
    private var recordedAt: MonotonicInstant?
    private(set) var reachability = TrunkHealth.Reachability.unknown

    private enum Phase: Sendable {
        case waiting(until: MonotonicInstant)
        case asking(since: MonotonicInstant)
    }

    private enum Result {
        case good(StatusCode, roundTrip: Nanoseconds)
        case bad(ProbeFailure, StatusCode?)
    }

    init(_ settings: ProbeSettings, startAt: MonotonicInstant, entropy: inout Entropy) {
        self.settings = settings
        callID = entropy.callID()
        fromTag = entropy.tag()
        phase = .waiting(until: startAt)
    }

    /// When `advance` is due; always some time.
    var deadline: MonotonicInstant {
        switch phase {
        case .waiting(let until): until
        case .asking(let since): since.advanced(by: ProbeSettings.answerWait)
        }
    }

    mutating func advance(to now: MonotonicInstant, entropy: inout Entropy) -> [ProbeAction] {
        guard deadline <= now else { return [] }
        switch phase {
        case .waiting:
            cseq += 1
            phase = .asking(since: now)
            return [
                .send(
                    OptionsRequest(
                        target: settings.target, from: settings.from, fromTag: fromTag,
                        contact: settings.contact, callID: callID, cseq: cseq))
            ]
        case .asking:
            return finish(.bad(.timeout, nil), at: now, &entropy)
        }
    }

    /// - Parameter cseq: of the OPTIONS that is answered; an answer to an older one came too late.
    mutating func receive(
        _ status: StatusCode, to cseq: UInt32, at now: MonotonicInstant, entropy: inout Entropy
    ) -> [ProbeAction] {
        guard case .asking(let since) = phase, cseq == self.cseq, !status.isProvisional else {
            return []
        }
        if ProbeSettings.refusals.contains(status) {
            return finish(.bad(.refused, status), at: now, &entropy)
        }
        return finish(.good(status, roundTrip: since.duration(to: now)), at: now, &entropy)
    }

    /// The OPTIONS of this number was not answered, or could not be sent.
    mutating func noAnswer(
        to cseq: UInt32, cause: ProbeFailure, at now: MonotonicInstant, entropy: inout Entropy
    ) -> [ProbeAction] {
        guard case .asking = phase, cseq == self.cseq else { return [] }
        return finish(.bad(cause, nil), at: now, &entropy)
    }

    private mutating func finish(
        _ result: Result, at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> [ProbeAction] {
        let before = reachability
        let fact: Event
        switch result {
        case .good(let code, let roundTrip):
            failures = 0
            successes += 1
            if reachability != .unreachable || successes >= settings.successesMin {
                reachability = .reachable
            }
            fact = .trunkReachable(
                TrunkReachable(trunk: settings.trunk, code: code, roundTrip: roundTrip))
        case .bad(let cause, let code):
            failures += 1
            successes = 0
            if failures >= settings.failuresMax { reachability = .unreachable }
            fact = .trunkUnreachable(
                TrunkUnreachable(trunk: settings.trunk, cause: cause, code: code))
        }
        phase = .waiting(until: now.advanced(by: nextDelay(&entropy)))
        // A result that does not change anything yet is no fact.
        let tells = failures == 0 ? reachability == .reachable : reachability == .unreachable
        guard tells else { return [] }
        let isDue = recordedAt.map { $0.duration(to: now) >= ProbeSettings.repeatInterval } ?? true
        guard reachability != before || isDue else { return [] }
        recordedAt = now
        return [.record(fact)]
    }

    /// A tenth shorter to a tenth longer than meant, so that trunks and agents do not ask in step.
    private func nextDelay(_ entropy: inout Entropy) -> Nanoseconds {
        let meant: Nanoseconds =
            switch reachability {
            case .unreachable:
                successes > 0
                    ? ProbeSettings.recheckDelay
                    : min(settings.interval, ProbeSettings.downInterval)
            case .unknown, .reachable:
                failures > 0 ? ProbeSettings.recheckDelay : settings.interval
            }
        let tenth = Nanoseconds(meant.count / 10)
        return .drawn(in: (meant - tenth)...(meant + tenth), using: &entropy)
    }
}
