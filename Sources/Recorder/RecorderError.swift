public import Ledger

/// Why the recorder could not start, or had to stop.
public enum RecorderError: Error {
    case ledger(LedgerError)
    /// A listener could not be opened.
    case listener(cause: String, advice: String)
    /// An event of the log is not one that this version can read.
    case unreadableEvent(position: Position, cause: String)
}

extension RecorderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ledger(let error):
            error.description
        case .listener(let cause, let advice):
            "\(cause): \(advice)"
        case .unreadableEvent(let position, let cause):
            "event \(position) of the ledger is not readable (\(cause)): "
                + "run a version at least as new as the one that wrote it"
        }
    }
}
