/// What may take back an append that was answered with a receipt.
///
/// In every mode the log stays whole: what is lost is the end of it, no batch is cut in two, and
/// the crash of a process loses nothing.
public enum Durability: Sendable, Hashable {
    /// Nothing takes it back. Each commit flushes twice.
    case losesNothing
    /// A power cut, or a crash of the kernel, may take back the batches of the newest commit, and
    /// only until the next commit or, without one, until `within` has passed. Each commit flushes
    /// once. Readers, too, may be shown a commit that is then lost.
    case losesNewestCommitOnPowerCut(within: Duration)
}
