import Glibc

/// A mistake in a file that people gave us: where it is, what was expected, what stands there.
public struct InputProblem: Error, Hashable, Sendable {
    public let file: String
    /// Both from 1; the column counts bytes.
    public let line: Int
    public let column: Int
    public let message: String

    public init(file: String, line: Int, column: Int, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }
}

extension InputProblem: CustomStringConvertible {
    public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// Why a file was not taken. Nothing of it was.
public enum InputError: Error, Hashable, Sendable {
    case unreadable(path: String, errno: Int32)
    /// At least one, in the order of the file.
    case invalid([InputProblem])

    /// So many mistakes of one file tell enough.
    static let problemsMax = 20
}

extension InputError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let errno):
            "cannot read \(path): \(String(cString: strerror(errno))); check path and permissions"
        case .invalid(let problems):
            problems.map(\.description).joined(separator: "\n")
                + (problems.count < Self.problemsMax
                    ? "" : "\nthese are the first \(Self.problemsMax); there may be more")
        }
    }
}
