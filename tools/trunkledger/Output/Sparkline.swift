/// A curve in one line of text, for people.
enum Sparkline {
    /// Where no terminal limits it.
    static let plainWidth = 60
    private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// One character a value: the lowest for 0, the highest for `most` and more.
    static func text(_ values: [Double], most: Double) -> String {
        String(
            values.map { value in
                guard most > 0, value > 0 else { return levels[0] }
                // What is above nothing shows above nothing.
                let step = Int((min(value / most, 1) * Double(levels.count - 1)).rounded(.up))
                return levels[step]
            })
    }
}
