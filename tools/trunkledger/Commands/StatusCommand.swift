import ArgumentParser
import Foundation
import Projections
import TrunkEvents

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "The trunk wall: channels in use, blocked calls, reachability.",
        discussion: """
            IN USE is channels held now over the cap, PEAK the most ever held, BLOCKED the calls \
            that found the trunk full. ASR is answered calls over seizures, ACD the average talk \
            time of answered calls.

              trunkledger status --watch
              trunkledger status --format json
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Flag(name: .shortAndLong, help: "Show it again every second until interrupted.")
    var watch = false

    func run() throws {
        var projections = try source.projections()
        let standardOutput = StandardOutput()
        let terminal = Terminal.current
        let redraws = watch && terminal.width != nil && output.format == .table
        while true {
            // Home, and clear what is below: without a flicker.
            if redraws { standardOutput.write("\u{1B}[H\u{1B}[J") }
            try show(projections, to: standardOutput, terminal)
            guard watch, !StandardOutput.isAbandoned else { return }
            Thread.sleep(forTimeInterval: 1)
            try projections.catchUp()
        }
    }

    private func show(
        _ projections: borrowing LedgerProjections, to standardOutput: StandardOutput,
        _ terminal: Terminal
    ) throws {
        let now = WallInstant.now
        let lines = TrunkWallLine.lines(
            occupancy: projections.occupancy, uptime: projections.uptime,
            records: projections.records, now: now)
        if output.format == .json {
            standardOutput.line(document(projections.life, lines).jsonText)
            standardOutput.flush()
            return
        }
        var listing = try Listing(Self.columns, output, to: standardOutput, terminal: terminal)
        for line in lines { listing.add(line) }
        listing.finish(empty: "no trunk is configured yet")
        guard output.format == .table else { return }
        standardOutput.line("\n" + (try footer(projections.life)))
        standardOutput.flush()
    }

    private func document(_ life: AgentLife, _ lines: [TrunkWallLine]) -> OutputValue {
        .record([
            ("node", OutputValue(life.node)),
            ("version", OutputValue(life.startedAt == nil ? nil : life.programVersion)),
            ("started_at", OutputValue(life.startedAt)),
            ("stopped_at", OutputValue(life.stoppedAt)),
            ("last_event_at", OutputValue(life.lastEvidence?.wall)),
            ("strangers_dropped", .unsigned(life.strangersDropped)),
            (
                "trunks",
                .list(
                    lines.map { line in
                        .record(Self.columns.map { ($0.name, $0.value(line)) })
                    })
            ),
        ])
    }

    private func footer(_ life: AgentLife) throws -> String {
        guard let node = life.node, let started = life.startedAt else {
            return "the agent has not run on this ledger yet"
        }
        let format = InstantFormat(zone: try output.zone())
        var text = "\(node): "
        if let stopped = life.stoppedAt {
            text += "stopped at \(format.people(stopped))"
        } else {
            text += "started at \(format.people(started))"
            if let last = life.lastEvidence { text += ", last event \(format.people(last.wall))" }
        }
        return text + "; packets of strangers dropped: \(life.strangersDropped)"
    }

    private static let columns: [ListingColumn<TrunkWallLine>] = [
        ListingColumn("trunk", "TRUNK", value: { OutputValue($0.trunk) }),
        ListingColumn("carrier", "CARRIER", rank: 4, value: { OutputValue($0.carrier) }),
        ListingColumn(
            "in_use", "IN USE", .right, value: { OutputValue(count: $0.inUse) }, cell: Self.inUse),
        ListingColumn("cap", value: { OutputValue(count: $0.cap) }),
        ListingColumn("peak", "PEAK", .right, rank: 3, value: { OutputValue(count: $0.peak) }),
        ListingColumn("blocked", "BLOCKED", .right, value: { .unsigned($0.blocked) }),
        ListingColumn("state", "STATE", value: { OutputValue($0.state) }, cell: Self.state),
        ListingColumn("cause", "BECAUSE", rank: 2, value: { OutputValue($0.cause) }),
        ListingColumn("registration", value: { OutputValue($0.registration) }),
        ListingColumn("reachability", value: { OutputValue($0.reachability) }),
        ListingColumn(
            "seizures", "CALLS", .right, rank: 5, value: { .unsigned($0.totals.seizures) }),
        ListingColumn("answered", value: { .unsigned($0.totals.answered) }),
        ListingColumn(
            "asr", "ASR", .right, rank: 1,
            value: { $0.totals.answerSeizureRatio.map { .number($0) } ?? .none },
            cell: { TableCell(PercentText.people($0.totals.answerSeizureRatio)) }),
        ListingColumn(
            "acd_ms", "ACD", .right, rank: 1,
            value: { $0.totals.averageTalkMilliseconds.map { .integer($0) } ?? .none },
            cell: { line in
                TableCell(
                    line.totals.averageTalkMilliseconds.map(SpanText.people(milliseconds:)) ?? "-")
            }),
    ]

    private static func inUse(_ line: TrunkWallLine) -> TableCell {
        let isFull = line.inUse >= line.cap
        let isNear = UInt64(line.inUse) * 10 >= UInt64(line.cap) * 8
        return TableCell(
            "\(line.inUse)/\(line.cap)", isFull ? .bad : isNear ? .warning : .none)
    }

    private static func state(_ line: TrunkWallLine) -> TableCell {
        TableCell(line.state.description, Tint(line.state))
    }
}

extension Tint {
    init(_ state: UptimeState) {
        switch state {
        case .up: self = .good
        case .down: self = .bad
        case .unknown: self = .warning
        }
    }
}

/// Shares for people.
enum PercentText {
    /// `99.95%`; `-` where there is none.
    static func people(_ share: Double?) -> String {
        guard let share else { return "-" }
        return "\((share * 10_000).rounded() / 100)%"
    }
}
