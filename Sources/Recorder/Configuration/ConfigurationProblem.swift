/// Where in the file something stands, both counted from 1.
public struct ConfigurationPlace: Hashable, Comparable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    static let start = ConfigurationPlace(line: 1, column: 1)

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
}

/// One thing that is wrong in a configuration file. Never quotes a secret.
public struct ConfigurationProblem: Hashable, Sendable {
    public let file: String
    public let place: ConfigurationPlace
    /// What is wrong; what was meant.
    public let message: String

    public init(file: String, place: ConfigurationPlace, message: String) {
        self.file = file
        self.place = place
        self.message = message
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `file:line:column: what is wrong; what was meant`, as editors and compilers understand it.
    public var description: String { "\(file):\(place.line):\(place.column): \(message)" }
}

/// Why there is no configuration.
public enum ConfigurationError: Error, Hashable, Sendable {
    /// The file itself cannot be read; `reason` is the system's word for it.
    case unreadable(file: String, reason: String)
    /// Everything that is wrong in it, in the order of the file.
    case invalid([ConfigurationProblem])
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "cannot read the configuration \(file): \(reason); give its path with --config"
        case .invalid(let problems):
            problems.map(\.description).joined(separator: "\n")
        }
    }
}

/// What is wrong with one value's text, before it is known where in the file it stands.
struct TextProblem: Error, Hashable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
