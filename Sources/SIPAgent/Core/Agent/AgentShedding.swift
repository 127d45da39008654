public import TrunkEvents

/// Calls that the log does not take.
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
}
