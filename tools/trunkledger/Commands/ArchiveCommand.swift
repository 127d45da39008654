import ArgumentParser
import Ledger

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Move old sealed events to files; the ledger keeps what proves them.",
        discussion: """
            Each segment becomes a file of its own, which 'archive verify' checks without any \
            ledger. Who asks for an event that is not there gets it from its file, or is told \
            where that is. A checkpoint must cover what is archived. While the agent runs, it \
            archives, and its calls go on.

              trunkledger archive move /mnt/archive/pbx1 --through 1000000
              trunkledger archive verify /mnt/archive/pbx1/*.segment --key key.pub
              trunkledger archive return
            """,
        subcommands: [
            ArchiveMoveCommand.self, ArchiveReturnCommand.self, ArchiveVerifyCommand.self,
        ])

    fileprivate static func text(_ report: ArchiveReport) -> String {
        let segments = report.segments == 1 ? "1 segment" : "\(report.segments) segments"
        return "\(segments), \(report.events) events, \(ByteText.people(report.bytes))"
    }

    fileprivate static func members(
        _ report: ArchiveReport
    ) -> [(name: String, value: OutputValue)] {
        [
            ("segments", .integer(Int64(report.segments))),
            ("events", .unsigned(report.events)),
            ("bytes", .unsigned(report.bytes)),
            ("archived_through", .unsigned(report.through.rawValue)),
        ]
    }
}

struct ArchiveMoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move sealed segments to files in a directory.")

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Argument(help: "Where the files go; made when it is missing.")
    var directory: String

    @Option(help: "Up to this position (default: all that is sealed).")
    var through: UInt64?

    func run() throws {
        let path = try source.path()
        // Refuses what is no ledger, before anything is made in it.
        _ = try source.reader()
        let report = try archive(path, through: Position(rawValue: through ?? .max))
        output.show(
            "archived to \(directory): \(ArchiveCommand.text(report))\n",
            ArchiveCommand.members(report))
    }

    private func archive(_ path: String, through limit: Position) throws -> ArchiveReport {
        let door = AgentDoor(ledger: path)
        if let report = try door.archive(through: limit, to: directory) { return report }
        let writer = try FactRecording.writer(path)
        defer { writer.close() }
        let progress = Progress("archiving")
        defer { progress.end() }
        let last = min(limit, try writer.reader.head().position)
        return try writer.archive(through: limit, to: directory) {
            progress.update($0.rawValue, of: last.rawValue)
        }
    }
}

struct ArchiveReturnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "return", abstract: "Bring archived segments back into the ledger.")

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Argument(help: "Where the files are (default: where they went).")
    var directory: String?

    func run() throws {
        let path = try source.path()
        _ = try source.reader()
        let report = try bringBack(path)
        output.show(
            "brought back: \(ArchiveCommand.text(report))\n", ArchiveCommand.members(report))
    }

    private func bringBack(_ path: String) throws -> ArchiveReport {
        if let report = try AgentDoor(ledger: path).bringBack(from: directory) { return report }
        let writer = try FactRecording.writer(path)
        defer { writer.close() }
        let progress = Progress("bringing back")
        defer { progress.end() }
        let last = try writer.reader.head().position
        return try writer.bringBack(from: directory) {
            progress.update($0.rawValue, of: last.rawValue)
        }
    }
}

struct ArchiveVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check archive files by themselves.",
        discussion: """
            Reads every event, and checks that the signed checkpoint in the file covers it.

            Exit status: 0 all are sound, 1 a file is not.
            """)

    @OptionGroup var output: OutputChoice

    @Argument(help: "The files.")
    var files: [String]

    @Option(help: ArgumentHelp("The public keys that you trust, one a line.", valueName: "file"))
    var key: String

    private struct Row {
        var file: String
        var found: ArchivedSegment?
        var fault: String?
    }

    func run() throws {
        let keys = try TrustedKeys(file: key).keys
        var listing = try Listing(Self.columns, output, to: StandardOutput())
        var isSound = true
        for file in files {
            do {
                let found = try ArchivedSegment.verify(file, trusting: keys)
                listing.add(Row(file: file, found: found))
            } catch {
                isSound = false
                listing.add(Row(file: file, fault: error.cause))
            }
        }
        listing.finish(empty: "no files")
        guard isSound else { throw CommandFailure.found }
    }

    private static let columns: [ListingColumn<Row>] = [
        ListingColumn("file", "FILE", rank: 1, value: { .text($0.file) }),
        ListingColumn(
            "first", "FIRST", .right,
            value: { $0.found.map { .unsigned($0.first.rawValue) } ?? .none }),
        ListingColumn(
            "last", "LAST", .right,
            value: { $0.found.map { .unsigned($0.last.rawValue) } ?? .none }),
        ListingColumn(
            "checkpoint", "CHECKPOINT", .right,
            value: { $0.found.map { .unsigned($0.head.checkpoint.size) } ?? .none }),
        ListingColumn(
            "fault", "RESULT", value: { OutputValue($0.fault) },
            cell: { row in
                row.fault.map { TableCell($0, .bad) } ?? TableCell("sound", .good)
            }),
    ]
}
