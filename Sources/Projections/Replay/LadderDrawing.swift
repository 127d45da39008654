import Ledger
public import TrunkEvents

/// A ladder as text: a lifeline for each party, an arrow for each message, time downwards.
public struct LadderDrawing {
    public static let widthMin = 60
    /// Arrows that are longer are harder to follow, not easier.
    private static let laneMax = 34
    private static let clockWidth = 12
    private static let elapsedWidth = 10
    private static let positionWidth = 12
    /// Below this width the lanes need the room of the positions.
    private static let widthWithPositions = 90

    private let lane: Int
    private let showsPositions: Bool
    private let clock: (WallInstant) -> String

    /// - Parameters:
    ///   - width: the columns that a line may take.
    ///   - clock: a time of day of at most 12 characters.
    public init(width: Int, clock: @escaping (WallInstant) -> String) {
        self.clock = clock
        showsPositions = width >= Self.widthWithPositions
        let prefix =
            (showsPositions ? Self.positionWidth : 0) + Self.clockWidth + Self.elapsedWidth + 2
        lane = min(Self.laneMax, (max(width, Self.widthMin) - prefix - 3) / 2)
    }

    public func lines(_ ladder: CallLadder) -> [String] {
        [title(ladder)] + ladder.channels.map(line) + ["", heading] + ladder.rungs.map(line)
    }

    private func title(_ ladder: CallLadder) -> String {
        "call \(ladder.call), \(ladder.direction), \(ladder.caller) to \(ladder.called)"
    }

    private func line(_ channel: LadderChannel) -> String {
        let place = "attempt \(channel.attempt.rawValue) on \(channel.trunk): "
            + "channel \(channel.slot) of \(channel.cap), "
        guard let held = channel.held, let end = channel.releasedAt else {
            return place + "held since \(clock(channel.seizedAt))"
        }
        return place + "held \(Self.seconds(held)) s, "
            + "\(clock(channel.seizedAt)) to \(clock(end))"
    }

    private var heading: String {
        prefix("POSITION", "TIME", "ELAPSED") + Self.left("DIALER", lane + 1)
            + Self.left("AGENT", lane + 2 - "CARRIER".count) + "CARRIER"
    }

    private func line(_ rung: LadderRung) -> String {
        let prefix = prefix(
            rung.position.description, clock(rung.at), Self.seconds(rung.elapsed))
        switch rung.line {
        case .note(let text): return prefix + note(text)
        case .message(let from, let to, let text): return prefix + arrow(text, from, to)
        }
    }

    private func prefix(_ position: String, _ time: String, _ elapsed: String) -> String {
        (showsPositions ? Self.left(position, Self.positionWidth) : "")
            + Self.left(time, Self.clockWidth) + Self.right(elapsed, Self.elapsedWidth) + "  "
    }

    /// Beside the agent's lifeline; across it where there is not room enough.
    private func note(_ text: String) -> String {
        if text.count < lane {
            return "│" + String(repeating: " ", count: lane) + "● "
                + Self.left(text, lane - 1) + "│"
        }
        let across = 2 * lane - 2
        return "│ ● " + Self.left(Self.cut(text, to: across), across) + "│"
    }

    private func arrow(_ text: String, _ from: LadderParty, _ to: LadderParty) -> String {
        let isForward = from.column < to.column
        let columns = min(from.column, to.column)..<max(from.column, to.column)
        let length = columns.count * (lane + 1) - 1
        let label = " \(Self.cut(text, to: length - 5)) "
        let dashes = length - label.count - 1
        let before = String(repeating: "─", count: dashes / 2)
        let after = String(repeating: "─", count: dashes - dashes / 2)
        let shaft = isForward ? before + label + after + ">" : "<" + before + label + after
        let empty = String(repeating: " ", count: lane)
        var line = "│"
        if columns.lowerBound == 1 { line += empty + "│" }
        line += shaft + "│"
        if columns.upperBound == 1 { line += empty + "│" }
        return line
    }

    /// `12.345`: seconds, to the millisecond.
    private static func seconds(_ span: Nanoseconds) -> String {
        let rest = String(span.milliseconds % 1_000)
        return "\(span.milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count)
            + rest
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func cut(_ text: String, to width: Int) -> String {
        text.count > width ? text.prefix(max(0, width - 1)) + "…" : text
    }
}

extension LadderParty {
    /// From the left.
    fileprivate var column: Int {
        switch self {
        case .dialer: 0
        case .agent: 1
        case .carrier: 2
        }
    }
}
