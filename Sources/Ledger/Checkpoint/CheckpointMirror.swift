/// The newest checkpoint once more, outside the log: a log that was rolled back as a whole, its
/// own checkpoints with it, is found by this one.
struct CheckpointMirror {
    let path: String

    /// `nil` when nothing was signed yet.
    func load() throws(LedgerError) -> SignedCheckpoint? {
        guard let bytes = try SmallFile.read(path, limit: LedgerLimits.noteBytesMax) else {
            return nil
        }
        guard let head = SignedCheckpoint(parsing: bytes) else {
            throw .corrupt(.zero, .checkpoint(size: 0, .unreadable), in: path)
        }
        return head
    }

    /// Only after the checkpoint is durable in the log.
    func store(_ head: SignedCheckpoint) throws(LedgerError) {
        try SmallFile.replace(path, with: head.encoded, mode: 0o644)
    }
}
