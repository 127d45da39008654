/// Bars as inline SVG. Negative values hang from the zero line.
struct BarPlot {
    struct Bar {
        var label: String
        var value: Double
        /// What the bar stands for, to the digit: shown when it is pointed at.
        var text: String
    }

    var title: String
    var bars: [Bar]

    private static let rowHeight = 22.0
    private static let labelWidth = 170.0
    private static let columnsHeight = 150.0
    private static let columnLabelsMax = 9

    /// One bar a row, its label left and its text right of it.
    var rows: String {
        let area = SVGText.width - Self.labelWidth - 130
        let scale = area / extent
        let zero = Self.labelWidth + lowest.magnitude * scale
        var shapes = ""
        for (index, bar) in bars.enumerated() {
            let y = Double(index) * Self.rowHeight
            let length = bar.value.magnitude * scale
            let x = bar.value < 0 ? zero - length : zero
            shapes += SVGText.text(Self.labelWidth - 8, y + 15, bar.label, "end")
            shapes += box(x, y + 3, max(length, bar.value == 0 ? 0 : 1), Self.rowHeight - 6, bar)
            shapes += SVGText.text(max(x + length, zero) + 6, y + 15, bar.text, "start")
        }
        return SVGText.figure(title, shapes, height: Double(bars.count) * Self.rowHeight)
    }

    /// One bar a column, for a row of days; some have labels.
    var columns: String {
        guard !bars.isEmpty else { return "" }
        let step = SVGText.width / Double(bars.count)
        let scale = Self.columnsHeight / extent
        let zero = highest * scale
        let every = (bars.count + Self.columnLabelsMax - 1) / Self.columnLabelsMax
        var shapes = ""
        for (index, bar) in bars.enumerated() {
            let x = Double(index) * step
            let length = max(bar.value.magnitude * scale, bar.value == 0 ? 0 : 1)
            let y = bar.value < 0 ? zero : zero - length
            shapes += box(x + step * 0.1, y + 4, step * 0.8, length, bar)
            if index % every == 0 {
                shapes += SVGText.text(x + step / 2, Self.columnsHeight + 22, bar.label, "middle")
            }
        }
        shapes += SVGText.line(atHeight: zero + 4)
        return SVGText.figure(title, shapes, height: Self.columnsHeight + 28)
    }

    private var lowest: Double { min(0, bars.map(\.value).min() ?? 0) }
    private var highest: Double { max(0, bars.map(\.value).max() ?? 0) }
    private var extent: Double {
        let extent = highest - lowest
        return extent > 0 ? extent : 1
    }

    private func box(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ bar: Bar
    ) -> String {
        let numbers = [x, y, width, height].map(SVGText.number)
        let look = bar.value < 0 ? "under" : "over"
        return "<rect class=\"\(look)\" x=\"\(numbers[0])\" y=\"\(numbers[1])\""
            + " width=\"\(numbers[2])\" height=\"\(numbers[3])\"><title>"
            + HTMLText.escaped("\(bar.label): \(bar.text)") + "</title></rect>"
    }
}
