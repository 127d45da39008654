/// A step function as inline SVG, with a line at its limit.
struct StepPlot {
    var title: String
    /// One for each of as many equal stretches.
    var levels: [UInt32]
    var limit: UInt32
    /// What the left edge, the middle and the right edge stand for.
    var marks: [String]

    private static let height = 150.0
    private static let top = 14.0

    var svg: String {
        let most = max(limit, levels.max() ?? 0, 1)
        let scale = (Self.height - Self.top) / Double(most)
        let level = { (value: UInt32) in Self.height - Double(value) * scale }
        var shapes = "<path class=\"under\" d=\"\(path(level))\"/>"
        shapes += SVGText.line(atHeight: Self.height)
        if limit > 0 {
            shapes += SVGText.line(atHeight: level(limit), look: "limit")
            shapes += SVGText.text(0, level(limit) - 3, "cap \(limit)", "start")
        }
        for (index, mark) in marks.enumerated() {
            let share = marks.count < 2 ? 0 : Double(index) / Double(marks.count - 1)
            let anchor = index == 0 ? "start" : index == marks.count - 1 ? "end" : "middle"
            shapes += SVGText.text(share * SVGText.width, Self.height + 16, mark, anchor)
        }
        return SVGText.figure(title, shapes, height: Self.height + 22)
    }

    /// Along the steps and back along the zero line.
    private func path(_ height: (UInt32) -> Double) -> String {
        let step = SVGText.width / Double(max(1, levels.count))
        var path = "M0 \(SVGText.number(Self.height))"
        var last: UInt32?
        for (index, level) in levels.enumerated() where level != last {
            path += "H\(SVGText.number(Double(index) * step))V\(SVGText.number(height(level)))"
            last = level
        }
        return path + "H\(SVGText.number(SVGText.width))V\(SVGText.number(Self.height))Z"
    }
}
