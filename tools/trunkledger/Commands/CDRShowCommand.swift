import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct CDRShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show every field of a call record, or of all records of a call.",
        discussion: """
              trunkledger cdr show pbx1-4711
              trunkledger cdr show 0195c1a2b3c00001      # a call id: each attempt's record
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Argument(help: "A CDR's id, as 'cdr list' prints it, or a call id.")
    var id: String

    func run() throws {
        let rows = try find()
        guard !rows.isEmpty else {
            throw CommandFailure(
                .badInput,
                "there is no call record '\(id)'; 'trunkledger cdr list' shows the ids, and a "
                    + "call that still runs has none yet")
        }
        guard output.format != .table else { return try showForPeople(rows) }
        let standardOutput = StandardOutput()
        if output.format == .json, rows.count == 1, let row = rows.first {
            let members = CDRColumn.allCases.map { ($0.rawValue, OutputValue(row[$0])) }
            standardOutput.line(OutputValue.record(members).jsonText)
            standardOutput.flush()
            return
        }
        var listing = try Listing(CDRColumns.listing, output, to: standardOutput)
        for row in rows { listing.add(row) }
        listing.finish(empty: "")
    }

    private func find() throws -> [CDRRow] {
        if let call = CallID(id) {
            var rows: [CDRRow] = []
            try source.projections().forEachRecord { row in
                if row.call == call { rows.append(row) }
                return .next
            }
            return rows
        }
        guard let name = CDRID(id) else {
            throw CommandFailure.usage(
                "'\(id)' is no id of a call record; it looks like pbx1-4711, a call id has 16 "
                    + "hexadecimal digits")
        }
        return try source.projections().record(name).map { [$0] } ?? []
    }

    private func showForPeople(_ rows: [CDRRow]) throws {
        let format = InstantFormat(zone: try output.zone())
        let standardOutput = StandardOutput()
        let width = CDRColumn.allCases.map(\.rawValue.count).max() ?? 0
        for (number, row) in rows.enumerated() {
            if number > 0 { standardOutput.line("") }
            for column in CDRColumn.allCases {
                let name = column.rawValue
                let padding = String(repeating: " ", count: width - name.count + 2)
                standardOutput.line(name + padding + text(row[column], format))
            }
        }
        standardOutput.flush()
    }

    private func text(_ value: CDRValue, _ format: InstantFormat) -> String {
        switch value {
        case .instant(let instant): format.people(instant)
        case .none: "-"
        case .text, .integer, .position, .list: value.text.isEmpty ? "-" : value.text
        }
    }
}
