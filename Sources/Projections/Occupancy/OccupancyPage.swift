public import TrunkEvents

/// Occupancy over a range as one HTML file: each trunk's steps under its cap.
public struct OccupancyPage: Sendable {
    /// As many as a plot is wide.
    private static let stretchCount = 720

    private let stretches: TimeStretches
    private let curves: [OccupancyCurve]

    /// - Parameter readings: in the order of the log; those at `from` say how it began.
    public init(_ readings: [OccupancyReading], from: WallInstant, to: WallInstant) {
        stretches = TimeStretches(from: from, to: max(from, to), count: Self.stretchCount)
        curves = OccupancyCurve.curves(of: readings, stretches)
    }

    /// The file is whole or not there.
    public func write(to path: String) throws(ExportError) {
        try DurableFile.replace(path, with: Array(html.utf8))
    }

    public var html: String {
        let (from, to) = (stretches.from, stretches.to)
        let half = from.advanced(by: Nanoseconds(from.duration(to: to).count / 2))
        let marks = [from, half, to].map(\.utcSecondsText)
        let table = HTMLTable(
            heading: ["Trunk", "Cap", "Peak"],
            rows: curves.map { curve in
                [curve.trunk.description, "\(curve.cap)", "\(curve.peaks.max() ?? 0)"]
            }, numeric: [1, 2])
        let plots = curves.map { curve in
            StepPlot(
                title: "\(curve.trunk): most channels in use", levels: curve.peaks,
                limit: curve.cap, marks: marks
            ).svg
        }
        return HTMLPage(
            title: "Occupancy from \(marks[0]) to \(marks[2]) UTC",
            body: table.html + plots.joined()
        ).html
    }
}
