import ArgumentParser
import Ledger

struct LedgerImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a ledger of what 'ledger export' wrote.",
        discussion: """
            The same events in the same commits of the same chain; every link on the way is \
            checked. Checkpoints and keys are not part of an export. As after 'restore', the \
            ledger signs under a name of its own.

              trunkledger ledger import ledger.ndjson --to ./again
              zcat ledger.ndjson.gz | trunkledger ledger import - --to ./again

            Exit status: 0 done, 65 a line is wrong: nothing is imported then.
            """)

    @OptionGroup var output: OutputChoice

    @Argument(help: "The export's file; - for standard input.")
    var file: String

    @Option(help: ArgumentHelp("A new or an empty directory.", valueName: "dir"))
    var to: String

    func run() throws {
        var lines = try LineReader(file)
        let work = LedgerImport(to: to)
        let progress = Progress("importing bytes")
        defer { progress.end() }
        do {
            while let line = try lines.next() {
                try work.add(line)
                if let all = lines.byteCount { progress.update(lines.bytesRead, of: all) }
            }
        } catch {
            work.abandon()
            throw error
        }
        let report = try work.finish()
        let text = """
            imported to \(to): head \(report.head.position) \(report.head.link)
            it signs as \(report.lineage.origin)

            """
        let members = CopyOutput.members(report.head, report.copied)
        output.show(text, members + [("origin", .text(report.lineage.origin))])
    }
}
