package import TrunkEvents

/// A carrier: registers its customer, rings, answers, hangs up.
package struct SimulatedCarrier: SimulatedParty, ~Copyable {
    private struct Call {
        let invite: ServerTransactionID
        let request: SIPMessage
        let peer: Endpoint
        var dialog: SimulatedDialog
        var stage = Stage.ringing
        var timer: TimerID?
    }

    private enum Stage {
        case ringing
        /// The 200 is repeated until its ACK comes (RFC 3261 section 13.3.1.4).
        case answered(interval: Nanoseconds, waited: Nanoseconds)
        case talking
    }

    /// Names the call by our tag.
    private enum Wakeup: Sendable {
        case answer([UInt8])
        case repeatAnswer([UInt8])
        case hangUp([UInt8])
    }

    private static let registrationSeconds: UInt32 = 3_600

    private var station: SimulatedStation<Wakeup>
    private let behaviour: CarrierBehaviour
    private let timers = TimerSettings()
    private var verifier: DigestVerifier
    private var calls: [[UInt8]: Call] = [:]
    /// BYEs whose answer is awaited.
    private var byes: Set<ClientTransactionID> = []
    private var isStopping = false
    package private(set) var summary = CarrierSummary()

    package init(local: Endpoint, behaviour: CarrierBehaviour, entropy: Entropy) {
        var entropy = entropy
        let key = (0..<32).map { _ in UInt8(truncatingIfNeeded: entropy.next()) }
        station = SimulatedStation(local: local, entropy: entropy)
        self.behaviour = behaviour
        verifier = DigestVerifier(realm: Array("carrier".utf8), algorithms: [.md5], key: key)
    }

    package var nextDeadline: MonotonicInstant? { station.nextDeadline }
    package var isOver: Bool { isStopping && calls.isEmpty && byes.isEmpty }
    package mutating func takeMessages() -> [OutgoingMessage] { station.takeMessages() }

    package mutating func receive(
        _ datagram: [UInt8], from remote: Endpoint, at now: MonotonicInstant
    ) {
        switch station.receive(datagram, from: remote, at: now) {
        case .request(let id, let request): take(request, id, from: remote)
        case .cancel(let id, let invite, let request):
            cancel(id, invite, request, from: remote)
        case .ack(let ack): acknowledged(ack)
        case .response(let id, let response):
            if response.status ?? 0 >= 200 { byes.remove(id) }
        case .strayResponse, .unknown, .absorbed, nil: break
        }
    }

    package mutating func advance(to now: MonotonicInstant) {
        for case .clientTimedOut(let id) in station.advance(to: now) { byes.remove(id) }
        while let wakeup = station.nextWakeup() {
            switch wakeup {
            case .answer(let tag): answer(tag)
            case .repeatAnswer(let tag): repeatAnswer(tag)
            case .hangUp(let tag): hangUp(tag)
            }
        }
    }

    package mutating func stop(at now: MonotonicInstant) {
        isStopping = true
        for (tag, call) in calls {
            if case .ringing = call.stage {
                respond(call, 480, tag)
                end(tag)
            } else {
                hangUp(tag)
            }
        }
    }
}

// Requests.
extension SimulatedCarrier {
    private mutating func take(
        _ request: SIPMessage, _ id: ServerTransactionID, from peer: Endpoint
    ) {
        let tag = request.to.tag.map { Array($0) }
        switch request.method {
        case .register:
            register(request, id, from: peer)
        case .invite where tag == nil:
            ring(request, id, from: peer)
        case .invite:
            let status: UInt16 = calls[tag ?? []] == nil ? 481 : 200
            let body = status == 200 ? station.sessionDescription : []
            station.respond(id, status, to: request, from: peer, tag: [], body: body)
        case .bye:
            let isKnown = calls[tag ?? []] != nil
            station.respond(id, isKnown ? 200 : 481, to: request, from: peer, tag: [])
            end(tag ?? [])
        case .options, .update, .info, .prack:
            station.respond(id, 200, to: request, from: peer, tag: station.entropy.tag())
        case .ack, .cancel, .refer, .notify, .subscribe, .message, .publish, .other, nil:
            station.respond(id, 405, to: request, from: peer, tag: station.entropy.tag())
        }
    }

    private mutating func register(
        _ request: SIPMessage, _ id: ServerTransactionID, from peer: Endpoint
    ) {
        let tag = station.entropy.tag()
        let seconds = station.now.nanoseconds / 1_000_000_000
        if let credentials = behaviour.credentials {
            let expected = DigestCredentials(
                username: credentials.user.bytes, password: credentials.password.bytes)
            let verdict = verifier.verify(
                request, header: .authorization, credentials: expected, now: seconds)
            switch verdict {
            case .accepted: break
            case .refused:
                station.respond(id, 403, to: request, from: peer, tag: tag)
                return
            case .absent, .stale:
                let salt = (0..<DigestVerifier.saltBytes).map { _ in
                    UInt8(truncatingIfNeeded: station.entropy.next())
                }
                let challenges = verifier.challenges(
                    salt: salt, now: seconds, stale: verdict == .stale)
                let header = challenges.flatMap { value -> [UInt8] in
                    Array("WWW-Authenticate: ".utf8) + value + [13, 10]
                }
                station.respond(
                    id, 401, to: request, from: peer, tag: tag, headers: header)
                return
            }
        }
        summary.registrations += 1
        var headers: [UInt8] = []
        if let contact = request.first(.contact) {
            headers += Array("Contact: ".utf8) + Array(contact) + [13, 10]
        }
        headers += Array("Expires: ".utf8)
        headers.append(decimal: UInt64(request.expires ?? Self.registrationSeconds))
        station.respond(id, 200, to: request, from: peer, tag: tag, headers: headers + [13, 10])
    }

    private mutating func cancel(
        _ id: ServerTransactionID, _ invite: ServerTransactionID?, _ request: SIPMessage,
        from peer: Endpoint
    ) {
        let tag = calls.first { $0.value.invite == invite }?.key
        let status: UInt16 = invite == nil ? 481 : 200
        station.respond(id, status, to: request, from: peer, tag: tag ?? station.entropy.tag())
        guard let tag, let call = calls[tag], case .ringing = call.stage else { return }
        respond(call, 487, tag)
        summary.cancelled += 1
        end(tag)
    }
}

// One call.
extension SimulatedCarrier {
    private mutating func ring(
        _ invite: SIPMessage, _ id: ServerTransactionID, from peer: Endpoint
    ) {
        summary.invites += 1
        let tag = station.entropy.tag()
        if let status = refusal() {
            station.respond(id, status, to: invite, from: peer, tag: tag)
            return
        }
        station.respond(id, 180, to: invite, from: peer, tag: tag)
        var call = Call(
            invite: id, request: invite, peer: peer,
            dialog: SimulatedDialog(answering: invite, tag: tag, peer: peer))
        if !isNth(behaviour.noAnswerEvery) {
            call.timer = station.wake(.answer(tag), after: behaviour.answerDelay)
        }
        calls[tag] = call
        summary.inUse = calls.count
        summary.peak = max(summary.peak, calls.count)
    }

    private mutating func refusal() -> UInt16? {
        if isStopping || calls.count >= behaviour.channels {
            summary.full += 1
            return 503
        }
        if let failure = behaviour.failure {
            summary.failed += 1
            return failure.rawValue
        }
        guard isNth(behaviour.busyEvery) else { return nil }
        summary.busy += 1
        return 486
    }

    private func isNth(_ every: Int?) -> Bool {
        every.map { summary.invites % $0 == 0 } ?? false
    }

    private mutating func answer(_ tag: [UInt8]) {
        guard var call = calls[tag] else { return }
        respond(call, 200, tag)
        summary.answered += 1
        call.stage = .answered(interval: timers.t1, waited: .zero)
        call.timer = station.wake(.repeatAnswer(tag), after: timers.t1)
        calls[tag] = call
    }

    private mutating func repeatAnswer(_ tag: [UInt8]) {
        guard var call = calls[tag], case .answered(let interval, let waited) = call.stage else {
            return
        }
        let total = waited + interval
        guard total < timers.transactionTimeout else {
            hangUp(tag)
            return
        }
        respond(call, 200, tag)
        let next = min(interval * 2, timers.t2)
        call.stage = .answered(interval: next, waited: total)
        call.timer = station.wake(.repeatAnswer(tag), after: next)
        calls[tag] = call
    }

    private mutating func acknowledged(_ ack: SIPMessage) {
        guard let tag = ack.to.tag.map({ Array($0) }), var call = calls[tag],
            case .answered = call.stage
        else { return }
        station.cancelWakeup(call.timer)
        call.stage = .talking
        call.timer = behaviour.hold.map { station.wake(.hangUp(tag), after: $0) }
        calls[tag] = call
    }

    private mutating func hangUp(_ tag: [UInt8]) {
        guard var call = calls[tag] else { return }
        byes.insert(station.send(.bye, in: &call.dialog))
        end(tag)
    }

    private mutating func respond(_ call: Call, _ status: UInt16, _ tag: [UInt8]) {
        station.respond(
            call.invite, status, to: call.request, from: call.peer, tag: tag,
            body: status == 200 ? station.sessionDescription : [])
    }

    private mutating func end(_ tag: [UInt8]) {
        guard let call = calls.removeValue(forKey: tag) else { return }
        station.cancelWakeup(call.timer)
        summary.inUse = calls.count
    }
}
