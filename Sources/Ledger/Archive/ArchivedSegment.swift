/// What the file of an archived segment proves by itself.
public struct ArchivedSegment: Hashable, Sendable {
    public let ledger: LedgerID
    public let first: Position
    public let last: Position
    /// The signed tree head that covers its events.
    public let head: SignedCheckpoint

    /// Reads the file in full, without any ledger: every event, the chain between them, and that
    /// they are what the checkpoint in the file signs; and that one of `keys` signed it. Throws
    /// `corrupt` with what is wrong.
    public static func verify(
        _ path: String, trusting keys: [VerifierKey]
    ) throws(LedgerError) -> ArchivedSegment {
        guard let bytes = try SmallFile.read(path) else { throw .notFound(path) }
        do throws(Corruption) {
            // UInt8 has no padding whose bytes could be uninitialised.
            let file = unsafe try SegmentFile(bytes.span.bytes)
            let head = try file.checkedEvidence().head
            let root = Checkpoint.origin(of: file.ledger)
            let origin = head.checkpoint.origin
            guard origin == root || origin.hasPrefix(root + "/") else {
                throw .checkpoint(size: head.checkpoint.size, .foreign)
            }
            if let fault = head.fault(trusting: keys) {
                throw .checkpoint(size: head.checkpoint.size, fault)
            }
            return ArchivedSegment(
                ledger: file.ledger, first: file.first, last: file.last, head: head)
        } catch {
            throw .corrupt(.zero, error, in: path)
        }
    }
}
