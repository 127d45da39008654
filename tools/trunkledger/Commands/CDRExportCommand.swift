import ArgumentParser
import Projections

struct CDRExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the call records since the last export as a sealed batch.",
        discussion: """
            Each export is a file and a manifest (count, sums, range of the log, sha256, sha256 \
            of the batch before). Batches are numbered without gaps and recorded in the log; a \
            batch made again is the same file. A late call goes into a later batch.

            While the agent runs, it makes the batch; otherwise this command does.

              trunkledger cdr export --out /var/spool/cdr --cdr-format json
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Option(
        help: ArgumentHelp(
            "The directory for the batch (default: the ledger's own path with -exports added).",
            valueName: "dir"))
    var out: String?

    @Option(help: "csv, json for one JSON object a line, or what another system writes.")
    var cdrFormat = BatchFormat.csv

    enum BatchFormat: String, ExpressibleByArgument, CaseIterable {
        case csv
        case json
        case asterisk
        case freeswitch
        case cgratesCSV = "cgrates-csv"
        case cgratesJSON = "cgrates-json"
        case vicidial

        var format: ExportFormat {
            switch self {
            case .csv: .csv
            case .json: .ndjson
            case .asterisk: .asterisk
            case .freeswitch: .freeswitch
            case .cgratesCSV: .cgratesCSV
            case .cgratesJSON: .cgratesJSON
            case .vicidial: .vicidial
            }
        }
    }

    func run() throws {
        let ledger = try source.path()
        // Refuses what is no ledger, before anything is made in it.
        _ = try source.reader()
        let directory = out.map(AgentDoor.absolute) ?? AgentDoor.absolute(ledger) + "-exports"
        let format = cdrFormat.format
        let manifest =
            try AgentDoor(ledger: ledger).export(format, to: directory)
            ?? OfflineExport(ledger: ledger).export(format, to: directory)
        show(manifest, in: directory)
    }

    private func show(_ manifest: ExportManifest, in directory: String) {
        let standardOutput = StandardOutput()
        switch output.format {
        case .json, .ndjson: standardOutput.write(manifest.json)
        case .table, .csv:
            let rows = manifest.rowCount == 1 ? "1 record" : "\(manifest.rowCount) records"
            let talk = SpanText.people(milliseconds: manifest.talkMilliseconds)
            standardOutput.line("\(directory)/\(manifest.fileName): \(rows), \(talk) of talk")
            standardOutput.line("\(directory)/\(manifest.manifestName)")
        }
        standardOutput.flush()
    }
}
