import TrunkEvents

/// What a restart leaves open about a call that goes on: whether its peers still have it.
///
/// ```
///  restart --T2 + T1, its turn--> OPTIONS on each leg not heard of
///     |                          |        |
///     |  answered, or a request  |        | 481, 408, silence for 64*T1 (RFC 3261 12.2.1.2)
///     +---- of that leg ---------+        v
///     v                              the call has ended, between the bounds
///  both legs heard of: `callInterim`
/// ```
struct Continuation: Sendable {
    /// The call was alive then, before the crash.
    let aliveAt: WallInstant
    /// A request that comes until then may be a copy of one that was first sent while nobody
    /// listened; see ``TimerSettings/copySpan``.
    let copiesUntil: MonotonicInstant
    /// When the legs not heard of are asked; `nil` once they are.
    private(set) var probeAt: MonotonicInstant?
    /// Legs not heard of since the restart.
    private(set) var unheard: [Call.LegID]

    init(
        aliveAt: WallInstant, copiesUntil: MonotonicInstant, probeAt: MonotonicInstant,
        legs: [Call.LegID]
    ) {
        self.aliveAt = aliveAt
        self.copiesUntil = copiesUntil
        self.probeAt = probeAt
        unheard = legs
    }

    mutating func startProbes() { probeAt = nil }

    mutating func note(_ leg: Call.LegID) { unheard.removeAll { $0 == leg } }
}

extension Call {
    /// Asks the peers that were not heard of since the restart whether they still have the call.
    mutating func probeLegs(_ board: inout Switchboard) {
        guard let legs = continuation?.unheard else { return }
        continuation?.startProbes()
        for id in legs { probe(id, &board) }
    }

    mutating func probe(_ id: LegID, _ board: inout Switchboard) {
        guard self[id]?.isOpen == true else { return }
        send(.options, on: id, for: .probe, gate: .end, &board) { writer in
            writer.header(.accept, "application/sdp")
        }
    }

    /// `nil`: no answer came in time.
    mutating func probeAnswered(
        on leg: LegID, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        if let response, !StatusCode(response).deniesDialog {
            heard(from: leg, &board)
        } else if continuation?.unheard.contains(leg) == true {
            endedUnseen(&board)
        } else {
            watchFailed(on: leg, response, &board)
        }
    }

    /// A peer answered a request of ours that left after the restart: it has the call.
    mutating func heard(from leg: LegID, _ board: inout Switchboard) {
        self[leg]?.watch?.heard(at: board.now)
        guard continuation?.unheard.contains(leg) == true else { return }
        continuation?.note(leg)
        guard continuation?.unheard.isEmpty == true else { return }
        continuation = nil
        for call in calls { board.record(.callInterim(CallInterim(call: call))) }
    }

    /// A request of the peer proves that it has the call, unless it may be an old copy.
    mutating func requestArrived(on leg: LegID, _ method: Method, _ board: inout Switchboard) {
        guard method != .bye else { return }
        if let continuation, continuation.copiesUntil >= board.now.monotonic { return }
        heard(from: leg, &board)
    }

    /// A peer does not know the call any more: it ended while nobody listened, or soon after.
    mutating func endedUnseen(_ board: inout Switchboard) {
        guard let continuation, !isEnded else { return }
        recordBounds(from: continuation.aliveAt, &board)
        end(by: .agent, .recovery, cause: .temporaryFailure, &board)
    }

    /// A BYE soon after a restart may be a copy of one that was sent while nobody listened; and
    /// where it is not, a copy of the other side's may be on its way.
    mutating func recordBoundsOfEnd(_ board: inout Switchboard) {
        guard let continuation, board.now.monotonic <= continuation.copiesUntil else { return }
        recordBounds(from: continuation.aliveAt, &board)
    }

    /// The call ended at an instant that nobody saw, between `lower` and now.
    func recordBounds(from lower: WallInstant, _ board: inout Switchboard) {
        for call in calls { board.recordBounds(of: call, from: lower) }
    }

    /// Our 2xx is sent once more instead of for as long as its ACK does not come: the peer has
    /// moved on, or is to be hung up. Only where the ACK may have come before a restart.
    mutating func settleAnswer(on id: LegID, _ board: inout Switchboard) {
        guard let answer = self[id]?.sentAnswer, answer.mayBeAcknowledged else { return }
        self[id]?.sentAnswer = nil
        board.respond(answer.transaction, answer.response, status: answer.status, gate: .end)
    }
}

extension Switchboard {
    fileprivate mutating func recordBounds(of call: CallID, from lower: WallInstant) {
        record(
            .callRecovered(
                CallRecovered(
                    call: call, endLowerBound: min(lower, now.wall), endUpperBound: now.wall)))
    }
}

extension StatusCode {
    /// A request inside a dialog that is answered so has found no dialog: RFC 3261 section 12.2.1.2
    /// and, of RFC 5057 section 5.1, what destroys dialogs.
    var deniesDialog: Bool {
        switch rawValue {
        case 404, 408, 410, 416, 481, 482, 483, 484, 485, 502, 604: true
        default: false
        }
    }
}
