public import SIPAgent
internal import TrunkEvents

/// Everything the configuration file says, checked.
public struct RecorderConfiguration: Hashable, Sendable {
    public var agent: AgentConfiguration
    /// The ledger's directory, as seen from the working directory or absolute.
    public var ledgerPath: String
    /// The file it was read from.
    public var file: String

    public init(agent: AgentConfiguration, ledgerPath: String, file: String) {
        self.agent = agent
        self.ledgerPath = ledgerPath
        self.file = file
    }

    /// Reads and checks a file. Relative paths in it are seen from its own folder; host names are
    /// looked up now; secrets are fetched now.
    public static func load(path: String) throws(ConfigurationError) -> RecorderConfiguration {
        try load(path: path, surroundings: .system)
    }

    static func load(
        path: String, surroundings: ConfigurationSurroundings
    ) throws(ConfigurationError) -> RecorderConfiguration {
        let bytes: [UInt8]
        do {
            bytes = try FilePath.contents(path)
        } catch {
            throw .unreadable(file: path, reason: error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalid([
                ConfigurationProblem(
                    file: path, place: .start, message: "not UTF-8 text; save the file as UTF-8")
            ])
        }
        return try parse(text, file: path, surroundings: surroundings)
    }

    static func parse(
        _ text: String, file: String, surroundings: ConfigurationSurroundings
    ) throws(ConfigurationError) -> RecorderConfiguration {
        guard let root = try ConfigurationNode.parse(text, file: file) else {
            throw .invalid([
                ConfigurationProblem(
                    file: file, place: .start,
                    message: "the file is empty; the README shows a first configuration")
            ])
        }
        var reader = ConfigurationReader(file: file, surroundings: surroundings)
        let configuration = reader.read(root)
        guard reader.findings.problems.isEmpty, let configuration else {
            throw .invalid(reader.findings.problems.sorted { $0.place < $1.place })
        }
        return configuration
    }
}
