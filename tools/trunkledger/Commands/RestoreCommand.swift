import ArgumentParser
import Ledger
import TrunkEvents

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a ledger of a backup, as it was at any position or instant.",
        discussion: """
            The ledger ends with the last commit that ends at or before --position, or with the \
            last one before an event later than --at: what was recorded together stays together. \
            BACKUP may be any ledger, also one in use.

            A restored ledger may be appended to. It signs its checkpoints under a name of its \
            own, with a new key, so that it does not pass as the original.

              trunkledger restore /mnt/backup/pbx1 --to ./restored
              trunkledger restore ./ledger --to ./before-noon --at '2026-11-22 12:00'
            """)

    @OptionGroup var output: OutputChoice

    @Argument(help: "The backup's directory.")
    var backup: String

    @Option(help: ArgumentHelp("A new or an empty directory.", valueName: "dir"))
    var to: String

    @Option(help: "Take over the events up to this position.")
    var position: UInt64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Take over what was recorded by this instant.", valueName: "instant"))
    var at: String?

    func validate() throws {
        if position != nil, at != nil {
            throw ValidationError("--position and --at say the same; give one of them")
        }
    }

    func run() throws {
        let reader: LedgerReader
        do {
            reader = try LedgerReader.open(backup)
        } catch {
            throw CommandFailure(opening: error, at: backup)
        }
        try warnOfUnfinished(reader)
        let limit = try limit(reader)
        let report = try CopyOutput.watching("restoring") {
            try reader.restore(to: to, through: limit, progress: $0)
        }
        try RateDeckCopy.copy(from: backup, to: to)
        let text = """
            restored to \(to): head \(report.head.position) \(report.head.link)
            it signs as \(report.lineage.origin)
            copied: \(CopyOutput.text(report.copied))

            """
        let members = CopyOutput.members(report.head, report.copied)
        output.show(text, members + [("origin", .text(report.lineage.origin))])
    }

    private func limit(_ reader: LedgerReader) throws -> Position {
        let last = try reader.head().position
        if let position {
            guard position <= last.rawValue else {
                throw CommandFailure(
                    .badInput, "there is no event \(position) in \(backup); it ends with \(last)")
            }
            return Position(rawValue: position)
        }
        guard let instant = try output.instant(at, option: "--at", now: .now) else { return last }
        return try reader.position(at: instant.nanoseconds)
    }

    /// What there is of a backup that was cut short is sound, but less than was wanted.
    private func warnOfUnfinished(_ reader: LedgerReader) throws {
        guard try reader.isUnfinishedBackup() else { return }
        StandardError.line(
            "\(backup) is a backup that was cut short; this takes over what is there")
    }
}
