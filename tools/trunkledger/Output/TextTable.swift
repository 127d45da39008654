/// A cell as people see it.
struct TableCell: Hashable {
    var text: String
    var tint = Tint.none

    init(_ text: String, _ tint: Tint = .none) {
        self.text = text
        self.tint = tint
    }
}

/// One column of a table.
struct TableColumn: Hashable {
    enum Alignment {
        case left
        case right
    }

    var heading: String
    var alignment = Alignment.left
    /// Where a terminal is too narrow, columns are cut and then left out, the highest rank first;
    /// rank 0 stays as it is.
    var rank = 0
}

/// Aligned text. Widths are those of the first block of rows, so that a long listing starts at
/// once and never sits in memory.
struct TextTable {
    static let blockRows = 500
    private static let gap = "  "
    private static let narrowest = 6

    private let columns: [TableColumn]
    private let terminal: Terminal
    private var block: [[TableCell]] = []
    /// `nil` for a column that is left out.
    private var widths: [Int?]?

    init(_ columns: [TableColumn], terminal: Terminal) {
        self.columns = columns
        self.terminal = terminal
    }

    /// Adds a row; returns the text that is due.
    mutating func add(_ cells: [TableCell]) -> String {
        precondition(cells.count == columns.count, "a row has as many cells as the table columns")
        block.append(cells)
        return block.count >= Self.blockRows ? flush() : ""
    }

    /// The rest, with the heading if it has not been written yet.
    mutating func flush() -> String {
        var text = ""
        if widths == nil {
            widths = fit()
            text += line(columns.map { TableCell($0.heading, .heading) })
        }
        for row in block { text += line(row) }
        block.removeAll(keepingCapacity: true)
        return text
    }

    private func line(_ cells: [TableCell]) -> String {
        let shown = columns.indices.filter { widths?[$0] != nil }
        var line = ""
        for index in shown {
            let width = widths?[index] ?? 0
            let cell = cells[index]
            let text = index == shown.last && columns[index].alignment == .left && terminal.width == nil
                ? cell.text : Self.cut(cell.text, to: width)
            let padding = String(repeating: " ", count: max(0, width - Self.width(of: text)))
            let painted = terminal.paint(text, cell.tint)
            if index != shown.first { line += Self.gap }
            switch columns[index].alignment {
            case .right: line += padding + painted
            case .left: line += index == shown.last ? painted : painted + padding
            }
        }
        return line + "\n"
    }

    private func fit() -> [Int?] {
        var widths: [Int?] = columns.indices.map { index in
            block.map { Self.width(of: $0[index].text) }
                .reduce(Self.width(of: columns[index].heading), max)
        }
        guard let limit = terminal.width else { return widths }
        let order = columns.indices.filter { columns[$0].rank > 0 }
            .sorted { (columns[$0].rank, $0) > (columns[$1].rank, $1) }
        for index in order {
            let excess = Self.total(widths) - limit
            guard excess > 0, let width = widths[index] else { continue }
            widths[index] = max(min(width, Self.narrowest), width - excess)
        }
        for index in order where Self.total(widths) > limit { widths[index] = nil }
        return widths
    }

    private static func total(_ widths: [Int?]) -> Int {
        let shown = widths.compactMap { $0 }
        return shown.reduce(0, +) + gap.count * max(0, shown.count - 1)
    }

    private static func cut(_ text: String, to width: Int) -> String {
        guard self.width(of: text) > width, width > 0 else { return text }
        return text.prefix(width - 1) + "…"
    }

    /// Characters stand for columns: names and numbers are not written in wide scripts here.
    private static func width(of text: String) -> Int { text.count }
}
