/// Rows of text under a heading.
struct HTMLTable {
    var heading: [String]
    var rows: [[String]]
    /// The columns of numbers, by their index.
    var numeric: Set<Int> = []

    var html: String {
        let body = rows.map { line($0, "td") }.joined(separator: "\n")
        return "<div class=\"wide\"><table>\n<thead>\(line(heading, "th"))</thead>\n"
            + "<tbody>\n\(body)\n</tbody></table></div>\n"
    }

    private func line(_ cells: [String], _ tag: String) -> String {
        let texts = cells.enumerated().map { index, cell in
            let look = numeric.contains(index) ? " class=\"number\"" : ""
            return "<\(tag)\(look)>\(HTMLText.escaped(cell))</\(tag)>"
        }
        return "<tr>\(texts.joined())</tr>"
    }
}
