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
        let subject = try subject()
        let projections = try source.projections(CallDetailRecords.self, RateDeckHistory.self)
        let book = try source.ratingBook(of: projections)
        let rows = try find(subject, in: projections).flatMap { book.revisions(of: $0) }
        let columns = RatedColumns.listing(isRated: !book.isEmpty)
        guard !rows.isEmpty else {
            throw CommandFailure(
                .badInput,
                "there is no call record '\(id)'; 'trunkledger cdr list' shows the ids, and "
                    + "'cdr list --open' the records so far of calls that go on")
        }
        guard output.format != .table else { return try showForPeople(rows, columns) }
        let standardOutput = StandardOutput()
        if output.format == .json, rows.count == 1, let row = rows.first {
            let members = columns.map { ($0.name, $0.value(row)) }
            standardOutput.line(OutputValue.record(members).jsonText)
            standardOutput.flush()
            return
        }
        var listing = try Listing(columns, output, to: standardOutput)
        for row in rows { listing.add(row) }
        listing.finish(empty: "")
    }

    /// What the id names.
    private enum Subject {
        case call(CallID)
        case record(CDRID)
    }

    private func subject() throws(CommandFailure) -> Subject {
        if let call = CallID(id) { return .call(call) }
        if let name = CDRID(id) { return .record(name) }
        throw .usage(
            "'\(id)' is no id of a call record; it looks like pbx1-4711, a call id has 16 "
                + "hexadecimal digits")
    }

    private func find(
        _ subject: Subject, in projections: borrowing LedgerProjections
    ) throws -> [CDRRow] {
        switch subject {
        case .record(let name): return try projections.record(name).map { [$0] } ?? []
        case .call(let call):
            var rows: [CDRRow] = []
            try projections.forEachRecord { row in
                if row.call == call { rows.append(row) }
                return .next
            }
            return rows
        }
    }

    private func showForPeople(
        _ rows: [RatedCDR], _ columns: [ListingColumn<RatedCDR>]
    ) throws {
        let format = InstantFormat(zone: try output.zone())
        let standardOutput = StandardOutput()
        let width = columns.map(\.name.count).max() ?? 0
        for (number, row) in rows.enumerated() {
            if number > 0 { standardOutput.line("") }
            for column in columns {
                let padding = String(repeating: " ", count: width - column.name.count + 2)
                standardOutput.line(column.name + padding + text(column.value(row), format))
            }
        }
        standardOutput.flush()
    }

    private func text(_ value: OutputValue, _ format: InstantFormat) -> String {
        if case .instant(let instant) = value { return format.people(instant) }
        let text = value.csvText
        return text.isEmpty ? "-" : text
    }
}
