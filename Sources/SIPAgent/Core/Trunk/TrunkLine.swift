import TrunkEvents

/// One trunk between calls: its registration, its probe, its call rate, what became of its calls,
/// and what they say of its health.
struct TrunkLine: Sendable {
    private(set) var configuration: TrunkConfiguration
    private let listeners: OwnListeners
    private let generation: UInt32
    private var registration: Registration?
    private var probe: Probe?
    private var rate: CallRateBucket?
    private var calls = CallHealth()
    /// Where its requests can go; none while its server is not located.
    private(set) var hops: FirstHops
    /// Why there are none, as far as that is recorded.
    var absence: ProbeFailure?
    /// The hop whose answer to a probe is awaited.
    private var probed: (hop: Endpoint, cseq: UInt32)?
    /// Until then the carrier asked to be left alone.
    private var restsUntil: MonotonicInstant?
    /// Its machines run down: it is gone once the binding is removed.
    private var isClosing = false

    init(
        _ configuration: TrunkConfiguration, hops: FirstHops, listeners: OwnListeners,
        generation: UInt32, startAt: MonotonicInstant, entropy: inout Entropy
    ) {
        self.configuration = configuration
        self.hops = hops
        self.listeners = listeners
        self.generation = generation
        rate = configuration.callsPerSecond.map(CallRateBucket.init)
        guard let first = hops.first else { return }
        registration = RegistrationSettings(
            configuration, from: listeners, registrars: hops.order(at: startAt, using: &entropy)
        ).map {
            Registration($0, startAt: startAt, entropy: &entropy)
        }
        probe = ProbeSettings(configuration, from: listeners.address(towards: first)).map {
            Probe($0, startAt: startAt, entropy: &entropy)
        }
    }

    /// The same trunk by another listener, or located for the first time: machines of its own, but
    /// what calls and their rate have shown so far still counts.
    init(
        replacing other: TrunkLine, hops: FirstHops, listeners: OwnListeners,
        generation: UInt32, startAt: MonotonicInstant, entropy: inout Entropy
    ) {
        self.init(
            other.configuration, hops: hops, listeners: listeners, generation: generation,
            startAt: startAt, entropy: &entropy)
        rate = other.rate
        calls = other.calls
        inheritRests(of: other)
    }

    /// The carrier's wish outlasts our machines.
    mutating func inheritRests(of other: TrunkLine) {
        restsUntil = other.restsUntil
        hops.inheritRests(of: other.hops)
    }

    /// A trunk that is not located yet has no registration to recover: it registers anew.
    mutating func recover(_ binding: RecoveredBinding, at now: Moment) {
        registration?.recover(
            from: binding.registrar, lasting: now.wall.duration(to: binding.expiresAt),
            at: now.monotonic)
    }

    mutating func recover(_ rest: RecoveredRest, at now: Moment) {
        let span = min(RegistrationTiming.retryAfterMax, now.wall.duration(to: rest.until))
        guard span > .zero else { return }
        let end = now.monotonic.advanced(by: span)
        if let host = rest.host {
            _ = hops.rest(host, until: end, at: now.monotonic)
        } else {
            restsUntil = end
        }
    }

    var name: TrunkName { configuration.name }

    /// The hops that a call asks in turn.
    func hops(at now: MonotonicInstant, using entropy: inout Entropy) -> [Endpoint] {
        hops.order(from: registration?.registrar, at: now, using: &entropy)
    }

    /// The way of a call by one of its hops.
    func path(by hop: Endpoint) -> TrunkPath {
        TrunkPath(
            configuration, hop: hop, serviceRoute: registration?.serviceRoute ?? [],
            reaching: listeners.reach)
    }

    /// DNS names other hops. A binding stays in force; it is refreshed where DNS leads now.
    mutating func move(
        to other: FirstHops, at now: MonotonicInstant, entropy: inout Entropy
    ) {
        guard hops.move(to: other), !hops.isEmpty else { return }
        registration?.move(to: hops.order(at: now, using: &entropy))
    }

    /// A hop did not answer, or answered that it cannot serve. The fact that it asked for a pause,
    /// or none.
    mutating func fail(
        _ hop: Endpoint, refusing response: SIPMessage?, at now: MonotonicInstant
    ) -> Event? {
        if let response, pause(askedIn: response) != nil {
            return rest(askedIn: response, by: hop, at: now)
        }
        hops.fail(hop, at: now)
        return nil
    }

    func health(at now: MonotonicInstant) -> TrunkHealth {
        let binding: TrunkHealth.Binding =
            registration.map { $0.isInForce ? .inForce : .absent }
            ?? (configuration.registration == nil ? .notNeeded : .absent)
        return TrunkHealth(
            binding: binding,
            reachability: calls.admits(at: now)
                ? probe?.reachability ?? .unknown : .unreachable,
            isResting: restsUntil.map { $0 > now } ?? false
                || hops.areResting(from: registration?.registrar, at: now))
    }

    /// Why an outbound call is not offered to the trunk; nil when it is.
    func refusal(at now: MonotonicInstant, _ urgency: CallUrgency) -> RefusalReason? {
        if hops.isEmpty { return .notLocated }
        var health = health(at: now)
        switch urgency {
        case .ordinary:
            break
        case .emergency:
            health.reachability = probe?.reachability ?? .unknown
            health.isResting = false
        case .lastResort:
            return nil
        }
        return health.refusal
    }

    var isClosed: Bool { isClosing && registration?.isRemoved != false }

    /// When `advance` is due.
    var deadline: MonotonicInstant? {
        (registration?.deadline).earlier(hops.isEmpty ? nil : probe?.deadline)
    }

    mutating func advance(to now: MonotonicInstant, entropy: inout Entropy) -> [TrunkAction] {
        let registering = registration?.advance(to: now, entropy: &entropy) ?? []
        if let probed, let probe, probe.deadline <= now {
            note(probe: probed.cseq, isAnswered: false, at: now)
        }
        let probing = hops.isEmpty ? [] : probe?.advance(to: now, entropy: &entropy) ?? []
        return registering.flatMap(actions) + probing.flatMap { actions($0, at: now) }
    }

    /// A final answer to one of our requests; a provisional one changes nothing.
    mutating func receive(
        _ response: SIPMessage, to id: TrunkRequestID, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> [TrunkAction] {
        guard id.generation == generation else { return [] }
        switch id.purpose {
        case .registration:
            return registration?.receive(response, to: id.cseq, at: now, entropy: &entropy)
                .flatMap(actions) ?? []
        case .probe:
            let status = response.status.flatMap(StatusCode.init(rawValue:))
            guard let status else { return [] }
            let asked = probed.flatMap { $0.cseq == id.cseq ? $0.hop : nil }
            let pause = rest(askedIn: response, by: asked, at: now)
            if !status.isProvisional {
                let isAnswered = !ProbeSettings.refusals.contains(status)
                note(probe: id.cseq, isAnswered: isAnswered, at: now)
            }
            let probing = probe?.receive(status, to: id.cseq, at: now, entropy: &entropy)
                .flatMap { actions($0, at: now) } ?? []
            return (pause.map { [.record($0)] } ?? []) + probing
        }
    }

    mutating func noAnswer(
        to id: TrunkRequestID, _ failure: TrunkRequestFailure, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> [TrunkAction] {
        guard id.generation == generation else { return [] }
        switch id.purpose {
        case .registration:
            let cause: RegistrationFailure = failure == .timeout ? .timeout : .transport
            return registration?.noAnswer(to: id.cseq, cause: cause, at: now, entropy: &entropy)
                .flatMap(actions) ?? []
        case .probe:
            let cause: ProbeFailure = failure == .timeout ? .timeout : .transport
            note(probe: id.cseq, isAnswered: false, at: now)
            return probe?.noAnswer(to: id.cseq, cause: cause, at: now, entropy: &entropy)
                .flatMap { actions($0, at: now) } ?? []
        }
    }

    /// Takes the binding back and stops probing.
    mutating func close(at now: MonotonicInstant, entropy: inout Entropy) -> [TrunkAction] {
        isClosing = true
        probe = nil
        return registration?.unregister(at: now, entropy: &entropy).flatMap(actions) ?? []
    }

    /// Without a limit each call goes at once.
    mutating func takeTurn(at now: MonotonicInstant, isNext: Bool) -> CallRateBucket.Turn {
        rate?.takeTurn(at: now, isNext: isNext) ?? .now
    }

    mutating func stopWaiting() { rate?.stopWaiting() }

    /// A call is offered to the carrier: where calls failed, it is the one that tries again.
    mutating func beginAttempt(at now: MonotonicInstant) {
        calls.beginAttempt(at: now, configuration.healthLimits)
    }

    /// What became of a call. The carrier's answer is heeded beyond the call: Retry-After.
    mutating func note(
        _ result: CallHealth.Result, _ refusal: (response: SIPMessage, host: Endpoint)?,
        at now: MonotonicInstant
    ) -> [Event] {
        var events: [Event] = []
        if let refusal, let pause = rest(askedIn: refusal.response, by: refusal.host, at: now) {
            events.append(pause)
        }
        let change = calls.note(result, at: now, configuration.healthLimits)
        if let event = event(of: change) { events.append(event) }
        return events
    }

    private func event(of change: CallHealth.Change?) -> Event? {
        guard probe?.reachability != .unreachable else { return nil }
        switch change {
        case .wentDown(let code):
            return .trunkUnreachable(TrunkUnreachable(trunk: name, cause: .calls, code: code))
        case .cameUp(let code, let roundTrip):
            return .trunkReachable(
                TrunkReachable(trunk: name, code: code, roundTrip: roundTrip))
        case nil:
            return nil
        }
    }

    /// 503 with Retry-After: nothing more is to be sent for so long (RFC 3261 section 21.5.4).
    /// Without it, 503 speaks of one call only. In other answers it speaks of the callee.
    private func pause(askedIn response: SIPMessage) -> Nanoseconds? {
        guard response.status == 503 || configuration.fullAnswers.contains(where: {
            $0.matches(response)
        }), let seconds = response.retryAfter?.seconds
        else { return nil }
        return min(RegistrationTiming.retryAfterMax, .seconds(Int64(seconds)))
    }

    /// 503 speaks of the host that gave it, where the trunk has several (RFC 3263 section 4.3);
    /// another answer that says that no channel is free, of the trunk.
    private mutating func rest(
        askedIn response: SIPMessage, by hop: Endpoint?, at now: MonotonicInstant
    ) -> Event? {
        guard let pause = pause(askedIn: response), pause > .zero else { return nil }
        let host = response.status == 503 ? hop.flatMap { hops.isOneOfMany($0) ? $0 : nil } : nil
        let end = now.advanced(by: pause)
        if let host {
            guard hops.rest(host, until: end, at: now) else { return nil }
        } else {
            guard end.isSecondsAfter(restsUntil) else { return nil }
            restsUntil = end
        }
        let seconds = UInt32(pause.count / Nanoseconds.seconds(1).count)
        return .trunkResting(TrunkResting(trunk: name, host: host, seconds: seconds))
    }

    /// Whether a new configuration needs a new registration or probe.
    func serves(_ other: TrunkConfiguration, from listeners: OwnListeners) -> Bool {
        configuration.name == other.name && configuration.server == other.server
            && configuration.domain == other.domain
            && configuration.registration == other.registration
            && configuration.outboundProxy == other.outboundProxy
            && configuration.probeInterval == other.probeInterval
            && configuration.healthLimits == other.healthLimits && listeners == self.listeners
    }

    /// Contacts that another line binds to the same address of record are not this one's to take
    /// back.
    mutating func leaveContacts(to others: [TrunkLine]) {
        for other in others where bindsSame(as: other) {
            registration?.leaveContacts(of: other.configuration.registration?.contactUsers ?? [])
        }
    }

    private func bindsSame(as other: TrunkLine) -> Bool {
        configuration.server == other.configuration.server
            && configuration.domain == other.configuration.domain
            && configuration.registration?.user == other.configuration.registration?.user
            && listeners == other.listeners
    }

    /// The same machines under new limits.
    mutating func adopt(_ other: TrunkConfiguration) {
        configuration = other
        rate = other.callsPerSecond.map { limit in
            var rate = rate ?? CallRateBucket(limit: limit)
            rate.adopt(limit)
            return rate
        }
    }

    private func actions(_ action: RegistrationAction) -> [TrunkAction] {
        switch action {
        case .record(let event): [.record(event)]
        case .send(let request):
            send(request)
        }
    }

    private mutating func actions(
        _ action: ProbeAction, at now: MonotonicInstant
    ) -> [TrunkAction] {
        switch action {
        // The carrier answers, but its calls fail: it is not reachable yet.
        case .record(.trunkReachable) where calls.isFailing: return []
        case .record(let event): return [.record(event)]
        case .send(let request): return send(request, at: now)
        }
    }

    /// The next probe asks another hop where this one failed.
    private mutating func note(
        probe cseq: UInt32, isAnswered: Bool, at now: MonotonicInstant
    ) {
        guard let probed, probed.cseq == cseq else { return }
        self.probed = nil
        if isAnswered { hops.revive(probed.hop) } else { hops.fail(probed.hop, at: now) }
    }

    private func send(_ request: RegisterRequest) -> [TrunkAction] {
        let path = TrunkPath(
            configuration, hop: request.registrar, serviceRoute: [], reaching: listeners.reach)
        var request = request
        request.routes = path.routes
        return send(.register(request), .registration, cseq: request.cseq, to: path.remote)
    }

    private mutating func send(
        _ request: OptionsRequest, at now: MonotonicInstant
    ) -> [TrunkAction] {
        guard let hop = registration?.registrar ?? hops.preferred(at: now) else { return [] }
        probed = (hop, request.cseq)
        let path = path(by: hop)
        var request = request
        request.routes = path.routes
        // A hop of the other family is told another address of ours.
        let address = listeners.address(towards: path.remote)
        if let settings = ProbeSettings(configuration, from: address) {
            (request.from, request.contact) = (settings.from, settings.contact)
        }
        return send(.options(request), .probe, cseq: request.cseq, to: path.remote)
    }

    private func send(
        _ content: TrunkRequest.Content, _ purpose: TrunkRequestID.Purpose, cseq: UInt32,
        to remote: Endpoint
    ) -> [TrunkAction] {
        let id = TrunkRequestID(
            trunk: name, generation: generation, purpose: purpose, cseq: cseq)
        let local = listeners.listener(towards: remote)
        return [.send(TrunkRequest(id: id, content: content, local: local, remote: remote))]
    }
}
