internal import Ledger
internal import TrunkEvents

/// What the running recorder tells its operator.
enum RecorderNotice: Sendable {
    /// Facts reach the disk again.
    case recording
    /// Facts do not reach the disk; new calls are refused until they do.
    case notRecording(LedgerError)
    /// Nobody can say whether the last facts are on disk: the process must start anew.
    case outcomeUnknown(LedgerError)
    /// A message for a listener that is no longer there.
    case noTransport(Endpoint)
    case connected(Endpoint)
    case cannotConnect(Endpoint, reason: String)
}
