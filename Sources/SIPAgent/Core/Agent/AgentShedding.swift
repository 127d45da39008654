public import TrunkEvents

/// Calls that the log does not take, or takes too late.
extension AgentCore {
    /// The disk refuses the facts of calls that began at or after `start`, so their INVITEs cannot
    /// leave: their callers learn it now instead of waiting for a timeout. One that had left after
    /// all is cancelled as any other.
    public mutating func refuseCalls(
        startedSince start: WallInstant, at now: Moment, into output: inout AgentOutput
    ) {
        begin(now, &output)
        let earliest = CallID(startedAt: start, counter: 0)
        for id in calls.keys.sorted() where id >= earliest {
            onCall(id) { call, board in
                switch call.state {
                case .waitingForTurn, .offering:
                    call.hangUpNow(.timeout, cause: .temporaryFailure, &board)
                case .answered, .ended:
                    break
                }
            }
        }
        end(&output)
    }

    /// An INVITE that was to be taken back had not left, and never will: its attempt is over, and
    /// its channel is free.
    public mutating func withdrawn(
        _ withdrawal: Withdrawal, at now: Moment, into output: inout AgentOutput
    ) {
        begin(now, &output)
        board.transactions.withdraw(withdrawal.transaction)
        if case .call(let id) = board.owners.removeValue(forKey: withdrawal.transaction) {
            onCall(id) { call, board in call.withdrawn(withdrawal.transaction, &board) }
        }
        end(&output)
    }
}
