import Ledger
import Projections
import TrunkEvents

/// A call's ladder in the format that was asked for.
struct LadderScreen {
    /// Where no terminal limits the width.
    private static let plainWidth = 100

    private let output: OutputChoice
    private let terminal: Terminal

    init(_ output: OutputChoice, terminal: Terminal = .current) {
        self.output = output
        self.terminal = terminal
    }

    func show(_ ladder: CallLadder) throws {
        let standardOutput = StandardOutput()
        switch output.format {
        case .table:
            let format = InstantFormat(zone: try output.zone())
            let drawing = LadderDrawing(
                width: terminal.width ?? Self.plainWidth, clock: { format.clock($0) })
            for line in drawing.lines(ladder) { standardOutput.line(line) }
        case .json: standardOutput.line(Self.document(ladder).jsonText)
        case .ndjson, .csv:
            var listing = try Listing(Self.columns, output, to: standardOutput)
            for rung in ladder.rungs { listing.add(rung) }
            listing.finish(empty: "")
        }
        standardOutput.flush()
    }

    private static func document(_ ladder: CallLadder) -> OutputValue {
        .record([
            ("call_id", OutputValue(ladder.call)),
            ("direction", OutputValue(ladder.direction)),
            ("from", OutputValue(ladder.caller)),
            ("to", OutputValue(ladder.called)),
            ("channels", .list(ladder.channels.map(channel))),
            (
                "rungs",
                .list(
                    ladder.rungs.map { rung in
                        .record(columns.map { ($0.name, $0.value(rung)) })
                    })
            ),
        ])
    }

    private static func channel(_ channel: LadderChannel) -> OutputValue {
        .record([
            ("trunk", OutputValue(channel.trunk)),
            ("attempt_no", .unsigned(UInt64(channel.attempt.rawValue))),
            ("slot", OutputValue(count: channel.slot)),
            ("cap", OutputValue(count: channel.cap)),
            ("t_seize", .instant(channel.seizedAt)),
            ("t_release", OutputValue(channel.releasedAt)),
            ("hold_ms", channel.held.map { .integer($0.milliseconds) } ?? .none),
        ])
    }

    private static let columns: [ListingColumn<LadderRung>] = [
        ListingColumn("position", value: { .unsigned($0.position.rawValue) }),
        ListingColumn("time", value: { .exactInstant($0.at) }),
        ListingColumn("elapsed_ms", value: { .integer($0.elapsed.milliseconds) }),
        ListingColumn("kind", value: { OutputValue($0.kind) }),
        ListingColumn("from", value: { OutputValue($0.line.parties?.from) }),
        ListingColumn("to", value: { OutputValue($0.line.parties?.to) }),
        ListingColumn("text", value: { .text($0.line.text) }),
    ]
}

extension LadderLine {
    fileprivate var parties: (from: LadderParty, to: LadderParty)? {
        if case .message(let from, let to, _) = self { (from, to) } else { nil }
    }
}
