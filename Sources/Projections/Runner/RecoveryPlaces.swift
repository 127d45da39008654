public import Ledger

/// What a process has to read of a log to go on with its calls.
public struct RecoveryPlaces: Sendable {
    /// Events before ``next``, in order; see ``OpenCallFacts``.
    public let positions: [Position]
    /// From here on, every event.
    public let next: Position

    /// As the projections saved last by the process before; the whole log where nothing is saved
    /// that fits it.
    ///
    /// - Parameter path: the ledger's directory.
    public static func saved(
        ledger path: String, reader: LedgerReader
    ) throws(ProjectionError) -> RecoveryPlaces {
        let stores = StoreDirectory(ledger: path, mode: .reader)
        let runner: ProjectionRunner<OpenCallFacts> = try stores.runner(
            try stores.head(of: reader), reader)
        return RecoveryPlaces(positions: runner.state.positions, next: runner.position.next)
    }
}
