import ArgumentParser

struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The log itself: what it consists of, and its events as text.",
        subcommands: [
            LedgerStatCommand.self, LedgerExportCommand.self, LedgerImportCommand.self,
        ])
}
