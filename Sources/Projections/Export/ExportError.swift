import Glibc

/// Why a batch could not be exported.
public enum ExportError: Error, Hashable, Sendable {
    /// A file or directory could not be read or written.
    case file(path: String, errno: Int32)
    /// Where the next batch's manifest belongs lies something that is none.
    case foreignManifest(path: String)
    /// The unfinished batch there reaches beyond the log at hand.
    case foreignBatch(path: String)
    /// The log tells no node's name yet: the agent never ran on it.
    case noNode
    /// The CDRs could not be read.
    case records(cause: String)
}

extension ExportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path, let errno):
            "cannot read or write \(path): \(String(cString: strerror(errno))); check the "
                + "directory and its owner"
        case .foreignManifest(let path):
            "\(path) is not a manifest of this program: move it away"
        case .foreignBatch(let path):
            "\(path) was made from another ledger: move it away or export elsewhere"
        case .noNode:
            "the ledger does not name its node yet: start the agent once"
        case .records(let cause):
            "the CDRs could not be read: \(cause)"
        }
    }
}
