package import TrunkEvents

/// A dialer: places its calls at a steady rate, holds what is answered, hangs up.
package struct SimulatedDialer: SimulatedParty, ~Copyable {
    private struct Call {
        let tag: [UInt8]
        var dialog: SimulatedDialog?
        var timer: TimerID?
    }

    private enum Wakeup: Sendable {
        case placeCall
        /// The call, by our tag.
        case hangUp([UInt8])
    }

    private var station: SimulatedStation<Wakeup>
    private let plan: DialerPlan
    /// Calls that are placed or answered, by our tag.
    private var calls: [[UInt8]: Call] = [:]
    /// INVITEs by their transaction, while responses may come.
    private var invites: [ClientTransactionID: [UInt8]] = [:]
    /// BYEs whose answer is awaited.
    private var byes: Set<ClientTransactionID> = []
    private var isStopping = false
    package private(set) var summary = DialerSummary()

    /// The first call is placed by the first `advance`.
    package init(local: Endpoint, plan: DialerPlan, entropy: Entropy) {
        station = SimulatedStation(local: local, entropy: entropy)
        self.plan = plan
        if plan.calls > 0 { _ = station.wake(.placeCall, after: .zero) }
    }

    package var nextDeadline: MonotonicInstant? { station.nextDeadline }
    package mutating func takeMessages() -> [OutgoingMessage] { station.takeMessages() }

    package var isOver: Bool {
        calls.isEmpty && byes.isEmpty && (isStopping || summary.attempted >= plan.calls)
    }

    package mutating func receive(
        _ datagram: [UInt8], from remote: Endpoint, at now: MonotonicInstant
    ) {
        switch station.receive(datagram, from: remote, at: now) {
        case .request(let id, let request): take(request, id, from: remote)
        case .cancel(let id, _, let request):
            station.respond(id, 481, to: request, from: remote, tag: station.entropy.tag())
        case .response(let id, let response): take(response, of: id)
        case .ack, .strayResponse, .unknown, .absorbed, nil: break
        }
    }

    package mutating func advance(to now: MonotonicInstant) {
        for timeout in station.advance(to: now) {
            switch timeout {
            case .clientTimedOut(let id), .clientUnreachable(let id):
                byes.remove(id)
                if let tag = invites.removeValue(forKey: id), calls[tag] != nil {
                    summary.unanswered += 1
                    end(tag)
                }
            case .inviteEnded(let id): invites[id] = nil
            case .noAck: break
            }
        }
        while let wakeup = station.nextWakeup() {
            switch wakeup {
            case .placeCall: placeCall()
            case .hangUp(let tag): hangUp(tag)
            }
        }
    }

    package mutating func stop(at now: MonotonicInstant) {
        isStopping = true
        for (id, tag) in invites where calls[tag]?.dialog == nil { station.cancel(id) }
        for (tag, call) in calls where call.dialog != nil { hangUp(tag) }
    }
}

extension SimulatedDialer {
    private mutating func placeCall() {
        guard !isStopping, summary.attempted < plan.calls else { return }
        summary.attempted += 1
        let number = plan.number(summary.attempted)
        let tag = station.entropy.tag()
        let uri = Array("sip:\(number)@".utf8) + SimulatedStation<Wakeup>.hostPort(plan.target)
        // VICIdial writes its code for the call as the display name.
        let code = Array("V\(1_000_000_000 + summary.attempted)".utf8)
        let from = MessageWriter.nameAddress(
            display: code[...], uri: (Array("sip:\(plan.caller)@".utf8) + station.hostPort)[...],
            tag: tag[...])
        let id = station.send(
            .invite, uri: uri, from: from, to: MessageWriter.nameAddress(uri: uri[...]),
            callID: station.entropy.callID(), sequence: 1, body: station.sessionDescription,
            peer: plan.target)
        invites[id] = tag
        calls[tag] = Call(tag: tag)
        summary.inProgress = calls.count
        if summary.attempted < plan.calls {
            _ = station.wake(.placeCall, after: plan.interval)
        }
    }

    private mutating func take(_ response: SIPMessage, of id: ClientTransactionID) {
        let status = response.status ?? 0
        guard status >= 200 else { return }
        if byes.remove(id) != nil { return }
        guard let tag = invites[id] else { return }
        if status >= 300 {
            invites[id] = nil
            summary.refused[status, default: 0] += 1
            end(tag)
            return
        }
        let dialog = SimulatedDialog(answeredBy: response, peer: plan.target)
        station.acknowledge(dialog, sequence: response.cseq.number)
        guard var call = calls[tag], call.dialog == nil else { return }
        summary.answered += 1
        call.dialog = dialog
        call.timer = station.wake(.hangUp(tag), after: plan.hold)
        calls[tag] = call
        if isStopping { hangUp(tag) }
    }

    private mutating func take(
        _ request: SIPMessage, _ id: ServerTransactionID, from peer: Endpoint
    ) {
        let tag = request.to.tag.map { Array($0) } ?? []
        switch request.method {
        case .bye:
            let isKnown = calls[tag]?.dialog != nil
            station.respond(id, isKnown ? 200 : 481, to: request, from: peer, tag: [])
            if isKnown {
                summary.endedByPeer += 1
                end(tag)
            }
        case .invite where calls[tag]?.dialog != nil:
            station.respond(
                id, 200, to: request, from: peer, tag: [], body: station.sessionDescription)
        case .options, .update, .info:
            station.respond(id, 200, to: request, from: peer, tag: station.entropy.tag())
        case .invite:
            // A dialer that only dials: inbound calls find nobody.
            station.respond(id, 480, to: request, from: peer, tag: station.entropy.tag())
        case .ack, .cancel, .register, .prack, .refer, .notify, .subscribe, .message, .publish,
            .other, nil:
            station.respond(id, 405, to: request, from: peer, tag: station.entropy.tag())
        }
    }

    private mutating func hangUp(_ tag: [UInt8]) {
        guard let call = calls[tag], var dialog = call.dialog else { return }
        byes.insert(station.send(.bye, in: &dialog))
        end(tag)
    }

    private mutating func end(_ tag: [UInt8]) {
        guard let call = calls.removeValue(forKey: tag) else { return }
        station.cancelWakeup(call.timer)
        summary.inProgress = calls.count
    }
}
