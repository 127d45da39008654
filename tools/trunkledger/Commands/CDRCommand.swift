import ArgumentParser

struct CDRCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cdr",
        abstract: "Call records: one per trunk attempt.",
        discussion: """
            A call that failed over has a record for each trunk it was sent to, under one call \
            id. A call that got no channel anywhere has none: 'trunkledger events --kind \
            channelRefused' tells of it.
            """,
        subcommands: [
            CDRListCommand.self, CDRShowCommand.self, CDRExportCommand.self,
            CDRDeliverCommand.self,
        ])
}
