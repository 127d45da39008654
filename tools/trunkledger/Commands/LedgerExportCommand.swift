import ArgumentParser
import Ledger
import Projections

struct LedgerExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "The whole ledger as text: a JSON object a line, enough to make it again.",
        discussion: """
            Every event with its position, times, kind, stream and payload (base64), the commits \
            that it came in, and what is remembered of producers. 'ledger import' makes the same \
            chain of it. Works while the agent runs.

              trunkledger ledger export > ledger.ndjson
              trunkledger ledger export --facts | jq 'select(.fact) | .fact'
            """)

    @OptionGroup var source: LedgerChoice

    @Flag(help: "Add what each event means, as 'events --format json' shows it.")
    var facts = false

    func run() throws {
        let standardOutput = StandardOutput()
        let reader = try source.reader()
        if facts {
            try reader.export(describing: Self.fact) { standardOutput.write($0) }
        } else {
            try reader.export { standardOutput.write($0) }
        }
        standardOutput.flush()
    }

    /// `nil` for a kind that this version does not know.
    private static func fact(_ view: borrowing EventView) -> String? {
        (try? LogEntry.read(view)).map { EventRow($0).value.jsonText }
    }
}
