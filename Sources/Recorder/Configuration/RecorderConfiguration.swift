public import SIPAgent
internal import TrunkEvents

/// Everything the configuration file says, checked.
public struct RecorderConfiguration: Hashable, Sendable {
    public var agent: AgentConfiguration
    /// `nil` where nothing speaks TLS.
    public var tls: TLSSettings?
    public var dns: DNSSettings
    /// The ledger's directory, as seen from the working directory or absolute.
    public var ledgerPath: String
    /// The file it was read from.
    public var file: String

    public init(
        agent: AgentConfiguration, tls: TLSSettings? = nil, dns: DNSSettings = DNSSettings(),
        ledgerPath: String, file: String
    ) {
        self.agent = agent
        self.tls = tls
        self.dns = dns
        self.ledgerPath = ledgerPath
        self.file = file
    }

    /// Reads and checks a file. Relative paths in it are seen from its own folder; secrets are
    /// fetched now, and host names of dialers are looked up now. Those of carriers are not: the
    /// agent keeps them located while it runs.
    public static func load(path: String) throws(ConfigurationError) -> RecorderConfiguration {
        try load(path: path, surroundings: .system)
    }

    /// Only where the ledger is: a query needs neither the secrets nor the DNS of the agent.
    public static func ledgerPath(inFile path: String) throws(ConfigurationError) -> String {
        let text = try text(of: path)
        var findings = ConfigurationFindings(file: path)
        if case .section(let entries) = try ConfigurationNode.parse(text, file: path)?.content,
            let node = entries.first(where: { $0.key.text == "ledger" })?.value,
            let ledger = node.text
        {
            return FilePath.resolve(ledger, from: FilePath.directory(of: path))
        }
        findings.add("the configuration without 'ledger'; add e.g. 'ledger: ./ledger'", at: .start)
        throw .invalid(findings.problems)
    }

    static func load(
        path: String, surroundings: ConfigurationSurroundings
    ) throws(ConfigurationError) -> RecorderConfiguration {
        try parse(try text(of: path), file: path, surroundings: surroundings)
    }

    static func text(of path: String) throws(ConfigurationError) -> String {
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
        return text
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
