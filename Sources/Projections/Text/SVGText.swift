/// The parts of an SVG drawing within a page.
enum SVGText {
    /// The columns that a drawing has; a page shows it as wide as there is room.
    static let width = 720.0

    static func figure(_ title: String, _ shapes: String, height: Double) -> String {
        let title = HTMLText.escaped(title)
        return "<figure><figcaption>\(title)</figcaption>"
            + "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\""
            + " aria-label=\"\(title)\">\(shapes)</svg></figure>\n"
    }

    static func text(_ x: Double, _ y: Double, _ text: String, _ anchor: String) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
            + HTMLText.escaped(text) + "</text>"
    }

    /// From the left edge to the right one.
    static func line(atHeight y: Double, look: String = "") -> String {
        let level = number(y)
        let look = look.isEmpty ? "" : " class=\"\(look)\""
        return "<line\(look) x1=\"0\" x2=\"\(number(width))\" y1=\"\(level)\" y2=\"\(level)\"/>"
    }

    /// To a tenth: the same text on every machine.
    static func number(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\((tenths % 10).magnitude)"
    }
}
