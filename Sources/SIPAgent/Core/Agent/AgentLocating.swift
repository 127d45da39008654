public import TrunkEvents

// DNS, which the core neither asks nor waits for.
extension AgentCore {
    /// What a resolver is to be asked now. Each question is handed out once, and wants a reply.
    public mutating func takeQuestions() -> [DNSQuestion] { board.trunks.takeQuestions() }

    /// `true` when a server was located, or moved.
    public mutating func receive(
        _ reply: DNSReply, to question: DNSQuestion, at now: Moment, into output: inout AgentOutput
    ) -> Bool {
        guard phase != .idle else { return false }
        begin(now, &output)
        let actions = board.trunks.receive(
            reply, to: question, at: now.monotonic, entropy: &board.entropy)
        if let actions {
            board.directory.located = board.trunks.locatedPeers
            board.perform(actions)
        }
        end(&output)
        return actions != nil
    }

    /// The name that the certificate of a peer on TLS must bear, where DNS located the peer.
    public var locatedNames: [Endpoint: Octets] { board.trunks.peerNames }
}
