import TrunkEvents

/// A trunk may be several hosts (RFC 3263 section 4.3): when one answers 503, cannot be reached or
/// stays silent, the same INVITE goes to the next, within the attempt and the time that it has. No
/// other trunk, no other channel; the log shows each host that was asked as an `attemptSent`.
extension Call {
    /// Copies of an INVITE leave at 0, 0.5 and 1.5 s: who has not said 100 Trying by then is not
    /// there.
    static let hopPatience = Nanoseconds.seconds(2)

    /// Asks the next host. `false`: there is none, or something was heard of the call already.
    ///
    /// - Parameter response: by which the present one refused.
    mutating func tryNextHop(
        _ index: Int, refusedBy response: SIPMessage? = nil, _ board: inout Switchboard
    ) -> Bool {
        guard case .calling(var calling) = attempts[index].state, let hop = calling.otherHops.first
        else { return false }
        var attempt = attempts[index]
        // The same request but for its branch, so that an answer of either host fits the dialog; a
        // host of the other family is told another address of ours.
        let local = board.directory.listener(towards: hop)
        guard
            let again = board.again(
                attempt.invite, .invite, sequence: attempt.invite.cseq.number,
                from: local == attempt.local ? nil : local,
                write: { writer in
                    writer.copyHeaders(
                        of: attempt.invite, only: [.authorization, .proxyAuthorization])
                })
        else { return false }
        board.noteFailure(of: attempt.remote, attempt.trunk, refusing: response)
        calling.otherHops.removeFirst()
        calling.hasHeardTrying = false
        calling.hopDeadline = board.hopDeadline(calling.otherHops)
        attempt.state = .calling(calling)
        (attempt.local, attempt.remote) = (local, hop)
        resend(again, &attempt, &board)
        attempts[index] = attempt
        return true
    }

    /// The host of before may still wake up: then it is told that nobody waits. Its 2xx would find
    /// no transaction of this call any more, and is hung up.
    mutating func hopTimedOut(_ index: Int, _ board: inout Switchboard) {
        let silent = attempts[index].transaction
        guard tryNextHop(index, &board) else {
            if case .calling(var calling) = attempts[index].state {
                calling.hopDeadline = nil
                attempts[index].state = .calling(calling)
            }
            return
        }
        if let silent { board.cancel(silent) }
    }

    /// 503 speaks of one host (RFC 3263 section 4.3), as long as there is another.
    mutating func passOver(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        response.status == 503 && tryNextHop(index, refusedBy: response, &board)
    }
}

extension Switchboard {
    /// `nil` where no host is left to ask.
    func hopDeadline(_ others: [Endpoint]) -> MonotonicInstant? {
        others.isEmpty ? nil : now.monotonic.advanced(by: Call.hopPatience)
    }
}
