import Ledger

/// Signs the head of the log: through the running agent, else with the writer's lock.
struct CheckpointMaking {
    private let ledger: String
    private let reader: LedgerReader

    init(ledger: String, reader: LedgerReader) {
        self.ledger = ledger
        self.reader = reader
    }

    /// Returns once the checkpoint is durable.
    func make() throws -> SignedCheckpoint {
        if let size = try AgentDoor(ledger: ledger).checkpoint() {
            guard let head = try reader.checkpoint(size: size) else {
                throw CommandFailure(
                    .unusableLedger,
                    "the agent signed \(size) events, but \(ledger) has no such checkpoint; look "
                        + "at it with 'trunkledger verify'")
            }
            return head
        }
        let writer = try FactRecording.writer(ledger)
        defer { writer.close() }
        return try writer.checkpoint(with: writer.signingKey())
    }
}
