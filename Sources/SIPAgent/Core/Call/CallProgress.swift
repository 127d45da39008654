import TrunkEvents

/// Provisional answers, and what happens when none comes in time.
extension Call {
    mutating func progressed(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        let status = StatusCode(response)
        switch attempts[index].state {
        case .calling, .ringing: break
        case .abandoned, .listening:
            // It has no final answer yet, so that its reliable answers are acknowledged.
            _ = acknowledgeProgress(index, response, &board)
            return
        case .held, .answered, .over: return
        }
        guard status.rawValue > 100 else {
            if case .calling(var calling) = attempts[index].state {
                calling.hasHeardTrying = true
                calling.hopDeadline = nil
                attempts[index].state = .calling(calling)
            }
            return
        }
        guard acknowledgeProgress(index, response, &board) else { return }
        if !attempts[index].progress.contains(status) {
            attempts[index].progress.append(status)
            board.record(
                .attemptProgressed(
                    AttemptProgressed(
                        call: id, trunk: attempts[index].trunk, attempt: attempts[index].number,
                        code: status, toTag: Octets(Array(response.to.tag ?? [])))))
        }
        if direction == .outbound { board.note(.alive(status), of: attempts[index].trunk) }
        if (180..<190).contains(status.rawValue) { startRinging(index, board) }
        relayProgress(index, response, &board)
    }

    private mutating func startRinging(_ index: Int, _ board: borrowing Switchboard) {
        guard case .calling(let calling) = attempts[index].state else { return }
        attempts[index].state = .ringing(
            Attempt.Ringing(
                noAnswerDeadline: noAnswerDeadline(of: attempts[index].trunk, board),
                otherTargets: calling.otherTargets))
    }

    /// The trunk's setting is for those who are called through it.
    private func noAnswerDeadline(
        of trunk: TrunkName, _ board: borrowing Switchboard
    ) -> MonotonicInstant? {
        let patience =
            direction == .outbound ? board.directory.trunks[trunk]?.noAnswerTimeout : nil
        return patience.map { board.now.monotonic.advanced(by: $0) }.earlier(giveUpAt)
    }

    private var giveUpAt: MonotonicInstant? {
        if case .offering(let search) = state { search.giveUpAt } else { nil }
    }

    /// No 18x in time: the next trunk tries, while this one keeps its channel until it has answered
    /// our CANCEL. The last trunk of the search goes on as long as it shows any sign of life.
    mutating func progressTimedOut(_ index: Int, _ board: inout Switchboard) {
        guard case .calling(var calling) = attempts[index].state,
            case .offering(var search) = state
        else { return }
        if let due = calling.progressDeadline, due > board.now.monotonic {
            hopTimedOut(index, &board)
            return
        }
        guard direction == .outbound else { return noAnswerTimedOut(index, &board) }
        let silent = attempts[index].transaction
        if tryNextTarget(index, nil, &board) {
            if let silent { board.cancel(silent) }
            return
        }
        if search.candidates.isEmpty, calling.hasHeardTrying {
            calling.progressDeadline = nil
            attempts[index].state = .ringing(
                Attempt.Ringing(
                    noAnswerDeadline: noAnswerDeadline(of: attempts[index].trunk, board),
                    otherTargets: calling.otherTargets))
            return
        }
        giveUp(index, cause: .recoveryOnTimerExpiry, &board)
        board.noteFailure(of: attempts[index].remote, attempts[index].trunk)
        board.note(.failed(nil), of: attempts[index].trunk)
        search.result.note(.noProgress)
        self.search(search, &board)
    }

    /// It rang long enough: that is the callee's answer, so no other trunk rings it again.
    mutating func noAnswerTimedOut(_ index: Int, _ board: inout Switchboard) {
        let isOver = giveUpAt.map { $0 <= board.now.monotonic } ?? false
        let isExpired = isOver && caller.invite.expires != nil
        giveUp(index, cause: .noAnswer, &board)
        fail(isExpired ? .expired : .noAnswer, &board)
    }

    /// The attempt has failed now; what the carrier still says of it decides when its channel is
    /// free.
    private mutating func giveUp(
        _ index: Int, cause: Q850Cause, _ board: inout Switchboard
    ) {
        board.record(
            .attemptFailed(
                AttemptFailed(
                    call: id, trunk: attempts[index].trunk, attempt: attempts[index].number,
                    cause: .timeout, q850: cause, reason: Octets([UInt8](cause.phrase)))))
        abandon(index, because: .timeout, cause: cause, &board)
    }

    /// Cancels whatever is under way.
    mutating func abandonAll(
        cause: Q850Cause, passing cancel: SIPMessage? = nil, _ board: inout Switchboard
    ) {
        for index in attempts.indices where attempts[index].isLive {
            abandon(index, because: .cancelled, cause: cause, passing: cancel, &board)
        }
    }

    /// Cancels an attempt. The CANCEL waits for a provisional answer (section 9.1).
    mutating func abandon(
        _ index: Int, because reason: AttemptFailure, cause: Q850Cause,
        passing cancel: SIPMessage? = nil, _ board: inout Switchboard
    ) {
        let held: SIPMessage? =
            if case .held(let response) = attempts[index].state { response } else { nil }
        attempts[index].state = .abandoned(reason)
        if let held { return answeredTooLate(index, held, &board) }
        guard let transaction = attempts[index].transaction else {
            preconditionFailure("what is cancelled has a transaction")
        }
        let headers = MessageWriter.lines { writer in
            if let cancel, cancel.first(.reason) != nil {
                writer.copyHeaders(of: cancel, only: [.reason])
            } else {
                writer.reason(cause)
            }
        }
        board.cancel(transaction, headers: headers)
    }
}

extension Switchboard {
    /// How long the caller wants to wait (RFC 3261 section 13.3.1); `nil`: it does not say.
    func expiry(of invite: SIPMessage) -> MonotonicInstant? {
        invite.expires.map { now.monotonic.advanced(by: .seconds(Int64($0))) }
    }
}
