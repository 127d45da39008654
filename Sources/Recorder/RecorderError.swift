internal import Glibc
public import Ledger
public import Projections
public import SIPAgent

/// Why the recorder could not start, or had to stop.
public enum RecorderError: Error {
    case ledger(LedgerError)
    /// A listener could not be opened.
    case listener(TransportError)
    /// What the configuration says of TLS cannot be used.
    case certificates(TLSProblem)
    /// The saved state of the projections cannot be used.
    case projections(ProjectionError)
    /// An event of the log is not one that this version can read.
    case unreadableEvent(position: Position, cause: String)
    /// The system gives no more files, sockets or pipes.
    case noDescriptors(errno: Int32)
    /// The agent ended before a fact that a command brought was durable.
    case stopped
}

extension RecorderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ledger(let error):
            error.description
        case .listener(let error):
            error.description
        case .certificates(let problem):
            "tls: \(problem.part): \(problem.reason)"
        case .projections(let error):
            error.description
        case .unreadableEvent(let position, let cause):
            "event \(position) of the ledger is not readable (\(cause)): "
                + "run a version at least as new as the one that wrote it"
        case .noDescriptors(let errno):
            "no more files can be opened (\(String(cString: strerror(errno)))): "
                + "raise the limit (ulimit -n, LimitNOFILE=)"
        case .stopped:
            "the agent stopped before this was recorded: see what the log has, and repeat it"
        }
    }
}
