import Projections
import TrunkEvents

/// A column of a listing: its name for programs, its looks for people.
struct ListingColumn<Row>: Sendable {
    var name: String
    var value: @Sendable (Row) -> OutputValue
    /// `nil` where tables do not show it.
    var table: TableColumn?
    var cell: (@Sendable (Row) -> TableCell)?

    /// For programs only.
    init(_ name: String, value: @escaping @Sendable (Row) -> OutputValue) {
        self.name = name
        self.value = value
    }

    /// For both; the cell's text is the value's unless `cell` says otherwise.
    init(
        _ name: String, _ heading: String, _ alignment: TableColumn.Alignment = .left,
        rank: Int = 0, isWhole: Bool = false, value: @escaping @Sendable (Row) -> OutputValue,
        cell: (@Sendable (Row) -> TableCell)? = nil
    ) {
        self.name = name
        self.value = value
        table = TableColumn(
            heading: heading, alignment: alignment, rank: rank, isWhole: isWhole)
        self.cell = cell
    }
}

/// Writes rows in the format that was asked for, as they come.
struct Listing<Row> {
    private let columns: [ListingColumn<Row>]
    private let format: OutputFormat
    private let output: StandardOutput
    private let instants: InstantFormat
    private var table: TextTable
    private var rowCount = 0

    init(
        _ columns: [ListingColumn<Row>], _ choice: OutputChoice, to output: StandardOutput,
        terminal: Terminal = .current
    ) throws {
        self.columns = columns
        self.output = output
        format = choice.format
        instants = InstantFormat(zone: try choice.zone())
        table = TextTable(columns.compactMap(\.table), terminal: terminal)
    }

    mutating func add(_ row: Row) {
        switch format {
        case .table:
            output.write(table.add(columns.compactMap { cell($0, row) }))
        case .json:
            output.write(rowCount == 0 ? "[\n" : ",\n")
            output.write(json(row))
        case .ndjson:
            output.write(json(row) + "\n")
        case .csv:
            if rowCount == 0 { writeHeader() }
            var csv = CSVWriter()
            for column in columns { csv.field(column.value(row).csvText) }
            csv.endLine()
            output.write(csv.bytes)
        }
        rowCount += 1
    }

    /// Ends the listing; `empty` is what a table without rows says instead.
    mutating func finish(empty: String) {
        switch format {
        case .table: output.write(rowCount == 0 ? empty + "\n" : table.flush())
        case .json: output.write(rowCount == 0 ? "[]\n" : "\n]\n")
        case .ndjson: break
        case .csv: if rowCount == 0 { writeHeader() }
        }
        output.flush()
    }

    /// Shows what there is, for a listing that waits for more.
    mutating func showSoFar() {
        if format == .table, rowCount > 0 { output.write(table.flush()) }
        output.flush()
    }

    private func writeHeader() {
        var csv = CSVWriter()
        for column in columns { csv.field(column.name) }
        csv.endLine()
        output.write(csv.bytes)
    }

    private func json(_ row: Row) -> String {
        OutputValue.record(columns.map { ($0.name, $0.value(row)) }).jsonText
    }

    private func cell(_ column: ListingColumn<Row>, _ row: Row) -> TableCell? {
        guard column.table != nil else { return nil }
        if let cell = column.cell { return cell(row) }
        switch column.value(row) {
        case .none: return TableCell("-")
        case .instant(let instant), .exactInstant(let instant):
            return TableCell(instants.people(instant))
        case let value: return TableCell(value.csvText)
        }
    }
}
