public import Ledger

/// Why projections could not be opened, brought up to date or saved.
public enum ProjectionError: Error, Hashable, Sendable {
    case ledger(LedgerError)
    /// A directory for saved state could not be made.
    case directory(path: String, errno: Int32)
}

extension ProjectionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ledger(let error): error.description
        case .directory(let path, let errno):
            "cannot make \(path) (errno \(errno)): check who owns the ledger's directory"
        }
    }
}

/// A projection that an answer needs stands where it could not go on.
public struct StoppedProjection: Error, Hashable, Sendable {
    public let projection: String
    public let fault: ProjectionFault
}

extension StoppedProjection: CustomStringConvertible {
    public var description: String { "projection \(projection) stopped at \(fault)" }
}
