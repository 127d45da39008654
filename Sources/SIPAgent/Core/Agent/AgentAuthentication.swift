import TrunkEvents

/// Passwords of dialers (RFC 3261 section 22).
extension AgentCore {
    /// Whether an INVITE that begins a call, or a REFER that may lead to one, may go on: its dialer
    /// needs no password, or has shown it. Else it is answered.
    mutating func isAuthenticated(
        _ invite: SIPMessage, _ transaction: ServerTransactionID, from source: Endpoint
    ) -> Bool {
        guard board.directory.asksPasswords,
            case .dialer(let dialer) = board.directory.peer(at: source)
        else { return true }
        let verdict = gate.check(
            invite, of: dialer, from: source.address, node: board.directory.configuration.node,
            at: board.now, entropy: &board.entropy)
        switch verdict {
        case .pass:
            return true
        case .challenge(let values):
            challenge(invite, transaction, values, from: source)
        case .refuse:
            board.respond(transaction, to: invite, from: source, status: 403)
            noteFailure(of: source.address, as: dialer)
        }
        return false
    }

    /// Once, and never again by itself: whoever forges a dialer's address must not get the dialer
    /// eleven answers for one request (section 26.3.2.4).
    private mutating func challenge(
        _ invite: SIPMessage, _ transaction: ServerTransactionID, _ values: [[UInt8]],
        from source: Endpoint
    ) {
        var writer = MessageWriter(
            responseTo: invite, status: 401, toTag: board.entropy.tag()[...], source: source)
        for value in values { writer.header(.wwwAuthenticate, value) }
        board.transactions.answerOnce(
            transaction, writer.finish(), at: board.now.monotonic, into: &board.output)
    }

    private mutating func noteFailure(of source: IPAddress, as dialer: DialerConfiguration) {
        guard let rules = board.directory.configuration.security.ban,
            let failures = bans.noteFailure(of: source, rules, at: board.now.monotonic)
        else { return }
        board.record(
            .sourceBanned(
                SourceBanned(
                    source: source, dialer: dialer.name, failures: failures,
                    until: board.now.wall.advanced(by: rules.duration))))
    }
}
