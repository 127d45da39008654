import ArgumentParser
import Ledger

struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign the log as it is now, so that nobody can rewrite it unnoticed.",
        discussion: """
            Prints the signed tree head (a C2SP checkpoint) over every event so far. Keep a copy \
            elsewhere, and of the ledger's key.pub too: 'verify --against' and 'prove --since' \
            hold the log to it. The key is made at the first checkpoint.

              trunkledger checkpoint > monday.checkpoint
              trunkledger checkpoint --newest            # makes none, shows the last one

            While the agent runs, it signs; otherwise this command does.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Flag(help: "Show the newest checkpoint instead of making one.")
    var newest = false

    func run() throws {
        let ledger = try source.path()
        // Refuses what is no ledger, before anything is made in it.
        let reader = try source.reader()
        let head =
            newest
            ? try Self.newest(reader, ledger)
            : try CheckpointMaking(ledger: ledger, reader: reader).make()
        show(head)
    }

    private static func newest(
        _ reader: LedgerReader, _ ledger: String
    ) throws -> SignedCheckpoint {
        if let head = try reader.newestCheckpoint() { return head }
        throw CommandFailure(
            .unusableLedger,
            "\(ledger) has no checkpoint yet; make one with 'trunkledger checkpoint'")
    }

    private func show(_ head: SignedCheckpoint) {
        let standardOutput = StandardOutput()
        switch output.format {
        case .table, .csv: standardOutput.write(head.encoded)
        case .json, .ndjson:
            let value = OutputValue.record([
                ("origin", .text(head.checkpoint.origin)),
                ("size", .unsigned(head.checkpoint.size)),
                ("root", OutputValue(head.checkpoint.root)),
                ("note", .text(String(decoding: head.encoded, as: UTF8.self))),
            ])
            standardOutput.line(value.jsonText)
        }
        standardOutput.flush()
    }
}
