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
        var projections = try source.projections(
            OccupancyHistory.self, CarrierUptime.self, CallDetailRecords.self, AgentLife.self)
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
            totals: projections.records.totals, now: now)
        if output.format == .json {
            standardOutput.line(document(projections.life, lines, now).jsonText)
            standardOutput.flush()
            return
        }
        var listing = try Listing(
            TrunkWallColumns.listing, output, to: standardOutput, terminal: terminal)
        for line in lines { listing.add(line) }
        listing.finish(empty: "no trunk is configured yet")
        guard output.format == .table else { return }
        standardOutput.line("\n" + (try footer(projections.life, now)))
        standardOutput.flush()
    }

    private func document(
        _ life: AgentLife, _ lines: [TrunkWallLine], _ now: WallInstant
    ) -> OutputValue {
        .record([
            ("node", OutputValue(life.node)),
            ("version", OutputValue(life.startedAt == nil ? nil : life.programVersion)),
            ("started_at", OutputValue(life.startedAt)),
            ("stopped_at", OutputValue(life.stoppedAt)),
            ("last_event_at", OutputValue(life.lastEvidence?.wall)),
            ("strangers_dropped", .unsigned(life.strangersDropped)),
            ("requests_dropped", .unsigned(life.requestsDropped)),
            (
                "banned",
                .list(
                    life.bans(at: now).map { ban in
                        .record([
                            ("source", OutputValue(ban.source)),
                            ("dialer", OutputValue(ban.dialer)),
                            ("since", OutputValue(ban.since)),
                            ("until", OutputValue(ban.until)),
                        ])
                    })
            ),
            (
                "trunks",
                .list(
                    lines.map { line in
                        .record(TrunkWallColumns.listing.map { ($0.name, $0.value(line)) })
                    })
            ),
        ])
    }

    private func footer(_ life: AgentLife, _ now: WallInstant) throws -> String {
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
        text += "\npackets of strangers dropped: \(life.strangersDropped)"
        if life.requestsDropped > 0 { text += ", requests: \(life.requestsDropped)" }
        for ban in life.bans(at: now) {
            text += "\nbanned: \(ban.source), as \(ban.dialer), until "
            text += format.people(ban.until)
        }
        return text
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
