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
struct TableColumn: Hashable, Sendable {
    enum Alignment: Sendable {
        case left
        case right
    }

    var heading: String
    var alignment = Alignment.left
    /// Where a terminal is too narrow, the highest rank first: texts are cut and then left out,
    /// numbers are left out, since half a number is a wrong one; rank 0 stays as it is.
    var rank = 0
    /// A text of which a part says nothing, such as an instant.
    var isWhole = false
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
    private var fits: [Fit]?

    /// How much room a column has.
    private struct Fit {
        var width: Int
        var isShown = true
        /// What is longer is cut; otherwise it reaches over.
        var cuts = false
    }

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
        let fits = self.fits ?? fit()
        if self.fits == nil {
            self.fits = fits
            text += line(columns.map { TableCell($0.heading, .heading) }, fits)
        }
        for row in block { text += line(row, fits) }
        block.removeAll(keepingCapacity: true)
        return text
    }

    private func line(_ cells: [TableCell], _ fits: [Fit]) -> String {
        let shown = columns.indices.filter { fits[$0].isShown }
        var line = ""
        for index in shown {
            let fit = fits[index]
            let cell = cells[index]
            let text = fit.cuts ? Self.cut(cell.text, to: fit.width) : cell.text
            let padding = String(repeating: " ", count: max(0, fit.width - Self.width(of: text)))
            let painted = terminal.paint(text, cell.tint)
            if index != shown.first { line += Self.gap }
            switch columns[index].alignment {
            case .right: line += padding + painted
            case .left: line += index == shown.last ? painted : painted + padding
            }
        }
        return line + "\n"
    }

    private func fit() -> [Fit] {
        let whole: [Fit] = columns.indices.map { index in
            Fit(
                width: block.map { Self.width(of: $0[index].text) }
                    .reduce(Self.width(of: columns[index].heading), max))
        }
        guard let limit = terminal.width else { return whole }
        var fits = whole
        let order = columns.indices.filter { columns[$0].rank > 0 }
            .sorted { (columns[$0].rank, $0) > (columns[$1].rank, $1) }
        for index in order {
            let excess = Self.total(fits) - limit
            guard excess > 0 else { break }
            if columns[index].alignment == .right || columns[index].isWhole {
                fits[index].isShown = false
            } else {
                let narrowest = max(Self.narrowest, Self.width(of: columns[index].heading))
                let width = fits[index].width
                fits[index].width = max(min(width, narrowest), width - excess)
                fits[index].cuts = true
            }
        }
        for index in order where Self.total(fits) > limit { fits[index].isShown = false }
        // What was left out leaves room to those that were cut, the most important first.
        for index in order.reversed() where fits[index].isShown && fits[index].cuts {
            let room = max(0, limit - Self.total(fits))
            fits[index].width = min(whole[index].width, fits[index].width + room)
        }
        if let last = fits.indices.last, columns[last].rank > 0, fits[last].isShown,
            columns[last].alignment == .left
        {
            // Later rows may be longer than those of the first block.
            fits[last].width = max(fits[last].width, fits[last].width + limit - Self.total(fits))
            fits[last].cuts = true
        }
        return fits
    }

    private static func total(_ fits: [Fit]) -> Int {
        let shown = fits.filter(\.isShown)
        return shown.map(\.width).reduce(0, +) + gap.count * max(0, shown.count - 1)
    }

    private static func cut(_ text: String, to width: Int) -> String {
        guard self.width(of: text) > width, width > 0 else { return text }
        return text.prefix(width - 1) + "…"
    }

    /// Characters stand for columns: names and numbers are not written in wide scripts here.
    private static func width(of text: String) -> Int { text.count }
}
