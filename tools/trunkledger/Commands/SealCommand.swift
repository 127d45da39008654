import ArgumentParser
import Ledger

struct SealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Pack the log's older facts into compressed segments now.",
        discussion: """
            The agent does that by itself, behind the newest 4,096 facts and once a day at least; \
            this seals all that is wanted at once, before the ledger is copied for instance. No \
            answer changes. Prints the last position that is sealed; the newest commit never is.

              trunkledger seal
              trunkledger seal --through 1000000

            While the agent runs, it seals, and its calls go on; otherwise this command does.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Option(help: ArgumentHelp("Seal no fact after this one.", valueName: "position"))
    var through: UInt64?

    func run() throws {
        let ledger = try source.path()
        // Refuses what is no ledger, before anything is made in it.
        _ = try source.reader()
        let sealed = try seal(ledger, through: Position(rawValue: through ?? .max))
        let standardOutput = StandardOutput()
        switch output.format {
        case .table, .csv:
            standardOutput.line(
                sealed == .zero ? "nothing is sealed yet" : "sealed through \(sealed)")
        case .json, .ndjson:
            let value = OutputValue.record([("sealed_through", .unsigned(sealed.rawValue))])
            standardOutput.line(value.jsonText)
        }
        standardOutput.flush()
    }

    private func seal(_ ledger: String, through limit: Position) throws -> Position {
        if let sealed = try AgentDoor(ledger: ledger).seal(through: limit) { return sealed }
        let writer = try FactRecording.writer(ledger)
        defer { writer.close() }
        return try writer.seal(through: limit)
    }
}
