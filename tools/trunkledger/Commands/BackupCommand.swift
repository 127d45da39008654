import ArgumentParser
import Ledger

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the ledger to another directory; the next time, only what is new.",
        discussion: """
            Works while the agent runs and does not slow it. The backup is a ledger's directory: \
            'verify --ledger DIR' checks it, and every query works on it. A backup that was cut \
            short is sound as far as it goes, and the next one goes on with it. The secret key \
            is not copied.

              trunkledger backup /mnt/backup/pbx1
              trunkledger verify --ledger /mnt/backup/pbx1
              trunkledger restore /mnt/backup/pbx1 --to ./restored
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Argument(
        help: ArgumentHelp("Where to: a new directory, or an older backup.", valueName: "dir"))
    var directory: String

    func run() throws {
        let ledger = try source.path()
        let reader = try source.reader()
        let report = try CopyOutput.watching("backing up") {
            try reader.backUp(to: directory, progress: $0)
        }
        try RateDeckCopy.copy(from: ledger, to: directory)
        let text = """
            backed up to \(directory): head \(report.head.position) \(report.head.link)
            new: \(CopyOutput.text(report.copied))

            """
        output.show(text, CopyOutput.members(report.head, report.copied))
    }
}
