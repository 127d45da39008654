import ArgumentParser
import Foundation
import TrunkEvents

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case ndjson
    case csv
}

/// How a query shows its answer.
struct OutputChoice: ParsableArguments {
    @Option(help: "table for people; json, ndjson (one object a line) or csv for programs.")
    var format = OutputFormat.table

    @Option(
        help: ArgumentHelp(
            """
            Time zone of what is shown and typed, e.g. America/New_York, UTC or +02:00 \
            (default: this machine's). JSON and CSV are always UTC.
            """, valueName: "zone"))
    var tz: String?

    func zone() throws(CommandFailure) -> TimeZone {
        guard let tz, tz != "local" else { return .current }
        if let zone = TimeZone(identifier: tz) { return zone }
        if let match = tz.wholeMatch(of: /([+-])(\d{2}):(\d{2})/),
            let hours = Int(match.2), let minutes = Int(match.3),
            let zone = TimeZone(
                secondsFromGMT: (hours * 3_600 + minutes * 60) * (match.1 == "-" ? -1 : 1))
        {
            return zone
        }
        throw .usage("there is no time zone '\(tz)'; write it like America/New_York, UTC or +02:00")
    }

    /// An instant that was typed after an option.
    func instant(
        _ text: String?, option: String, now: WallInstant
    ) throws(CommandFailure) -> WallInstant? {
        guard let text else { return nil }
        if let instant = InstantText(now: now, zone: try zone()).parse(text) { return instant }
        throw .usage(
            "'\(text)' after \(option) is no instant; write it like 2026-11-22 14:03, 14:03, "
                + "-2h, now or 2026-11-22T14:03:00Z")
    }
}

/// The stretch of time that a query looks at.
struct RangeChoice: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "From this instant on: RFC 3339, '2026-11-22 14:03', 14:03, -2h, now.",
            valueName: "instant"))
    var from: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Up to this instant, itself not included.", valueName: "instant"))
    var to: String?

    func bounds(
        _ choice: OutputChoice, now: WallInstant
    ) throws(CommandFailure) -> (from: WallInstant?, to: WallInstant?) {
        let from = try choice.instant(from, option: "--from", now: now)
        let to = try choice.instant(to, option: "--to", now: now)
        if let from, let to, from > to {
            throw .usage("--from lies after --to; swap them")
        }
        return (from, to)
    }
}
