import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "History as it happened: a call's ladder, or the trunk wall moving through time.",
        discussion: """
            With --call, every recorded fact of the call as a ladder between dialer, agent and \
            carrier, and the channel that it held. With --from, the wall as it was, --speed times \
            as fast as it happened; where no terminal watches, each frame that differs from the \
            one before is printed at once.

              trunkledger replay --call 0195c1a2b3c00001
              trunkledger replay --call pbx1-4711          # the call of a record
              trunkledger replay --from 14:00 --to 14:30 --speed 60
              trunkledger replay --from -1d --speed 3600 --format ndjson
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var range: RangeChoice

    @Option(help: "This call: its id, or the id of one of its records.")
    var call: CallReference?

    @Option(help: "How many times as fast as it happened.")
    var speed: Int64 = 60

    func validate() throws {
        if call == nil, range.from == nil {
            throw ValidationError("replay takes --call, or --from with or without --to")
        }
        if call != nil, range.from != nil || range.to != nil {
            throw ValidationError("--call goes without --from and --to")
        }
        guard (1...1_000_000).contains(speed) else {
            throw ValidationError("--speed goes from 1 to 1000000")
        }
    }

    func run() throws {
        if let call {
            try LadderScreen(output).show(try call.ladder(in: source.reader()))
            return
        }
        let now = WallInstant.now
        let bounds = try range.bounds(output, now: now)
        let reader = try source.reader()
        var screen = try WallScreen(output, speed: speed)
        let from = bounds.from ?? now
        var replay = try WallReplay(ledger: source.path(), reader: reader, from: from)
        try replay.play(
            reader, from: from, to: bounds.to ?? now, step: screen.step
        ) { frame in
            try screen.show(frame)
            return StandardOutput.isAbandoned ? .stop : .next
        }
        screen.finish()
    }
}
