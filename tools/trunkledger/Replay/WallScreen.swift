import Foundation
import Projections
import TrunkEvents

/// The trunk wall moving through time: drawn again and again on a terminal, at the speed that was
/// asked for; anywhere else each frame that differs from the one before, without waiting.
struct WallScreen {
    /// Four frames a second move evenly and leave time to read.
    private static let frameLength = Nanoseconds.milliseconds(250)

    /// The log's time between two frames.
    let step: Nanoseconds

    private let output: OutputChoice
    private let terminal: Terminal
    private let speed: Int64
    private let instants: InstantFormat
    private let standardOutput = StandardOutput()
    private let pause: (Nanoseconds) -> Void
    private var listing: Listing<Line>
    private var last: WallReplay.Frame?

    /// One trunk at one instant.
    private struct Line {
        var at: WallInstant
        var trunk: TrunkWallLine
    }

    init(
        _ output: OutputChoice, speed: Int64, terminal: Terminal = .current,
        pause: @escaping (Nanoseconds) -> Void = {
            Thread.sleep(forTimeInterval: Double($0.count) / 1e9)
        }
    ) throws {
        self.output = output
        self.terminal = terminal
        self.speed = speed
        self.pause = pause
        step = Self.frameLength * speed
        instants = InstantFormat(zone: try output.zone())
        listing = try Listing(Self.columns, output, to: standardOutput, terminal: terminal)
    }

    mutating func show(_ frame: WallReplay.Frame) throws {
        let isWatched = terminal.width != nil && output.format == .table
        if isWatched, last != nil { pause(Self.frameLength) }
        defer { last = frame }
        let isNews = frame.lines != last?.lines
        if isWatched {
            // Home, and clear what is below: without a flicker.
            standardOutput.write("\u{1B}[H\u{1B}[J")
            try draw(frame)
        } else if isNews, output.format == .table {
            if last != nil { standardOutput.line("") }
            try draw(frame)
        } else if isNews {
            for line in frame.lines { listing.add(Line(at: frame.at, trunk: line)) }
            listing.showSoFar()
        }
    }

    mutating func finish() {
        if output.format != .table { listing.finish(empty: "") }
        standardOutput.flush()
    }

    private func draw(_ frame: WallReplay.Frame) throws {
        standardOutput.line("\(instants.people(frame.at))  \(speed)x\n")
        var wall = try Listing(
            TrunkWallColumns.listing, output, to: standardOutput, terminal: terminal)
        for line in frame.lines { wall.add(line) }
        wall.finish(empty: "no trunk was configured then")
    }

    private static let columns: [ListingColumn<Line>] =
        [ListingColumn("at", value: { .instant($0.at) })]
        + TrunkWallColumns.listing.map { $0.lifted { $0.trunk } }
}
