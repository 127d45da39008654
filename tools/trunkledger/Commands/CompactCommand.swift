import ArgumentParser
import Ledger

struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Give the log's free pages back to the file system.",
        discussion: """
            Copies the log to a new file without free pages, verifies the copy, and puts it in \
            the old one's place in one step: a crash at any moment leaves the one or the other. \
            Needs room for the copy. Free pages are used for new events, so that this is rarely \
            worth while. While the agent runs, it compacts, and its calls go on.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    func run() throws {
        let path = try source.path()
        let ledger = try source.reader().ledger
        let report =
            try AgentDoor(ledger: path).compact(ledger)
            ?? CopyOutput.watching("compacting") {
                try LedgerCompaction.compact(path, progress: $0)
            }
        let before = ByteText.people(report.bytesBefore)
        let after = ByteText.people(report.bytesAfter)
        let head = "\(report.head.position) \(report.head.link)"
        output.show(
            "compacted from \(before) to \(after), head \(head)\n",
            [
                ("bytes_before", .unsigned(report.bytesBefore)),
                ("bytes_after", .unsigned(report.bytesAfter)),
                ("ledger", OutputValue(report.head.ledger)),
                ("head_position", .unsigned(report.head.position.rawValue)),
                ("head_link", OutputValue(report.head.link)),
            ])
    }
}
