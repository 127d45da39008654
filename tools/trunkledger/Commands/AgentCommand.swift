import ArgumentParser
import Recorder
import TrunkEvents

struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Run the SIP agent in the foreground.",
        discussion: """
            It says 'ready' on standard error once it listens. SIGTERM or SIGINT: take no new \
            calls, wait --drain for calls to end, hang up the rest, exit 0. SIGHUP: read the \
            configuration again without dropping a call.

              trunkledger agent --config /etc/trunkledger.yaml --drain 5m
            """)

    @Option(
        help: ArgumentHelp("The configuration file.", valueName: "file"), completion: .file())
    var config: String

    @Option(
        help: ArgumentHelp(
            "Use this ledger directory instead of the configuration's.", valueName: "dir"))
    var ledger: String?

    @Option(
        help: ArgumentHelp(
            "How long a stop waits for calls to end by themselves: 30s, 5m, 1h.",
            valueName: "span"))
    var drain = SpanArgument(.zero)

    @Flag(help: "A stop leaves open calls to the next start instead of hanging them up.")
    var leaveCalls = false

    func run() throws {
        let service = RecorderService(
            try load(),
            options: RunOptions(
                drain: drain.span, leavesCalls: leaveCalls,
                version: TrunkLedgerCommand.version),
            tell: { StandardError.line($0) },
            reload: { [config, ledger] in try Self.load(config, ledger) })
        try service.run()
    }

    private func load() throws -> RecorderConfiguration { try Self.load(config, ledger) }

    private static func load(
        _ path: String, _ ledger: String?
    ) throws(ConfigurationError) -> RecorderConfiguration {
        var configuration = try RecorderConfiguration.load(path: path)
        if let ledger { configuration.ledgerPath = ledger }
        return configuration
    }
}
