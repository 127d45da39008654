import Ledger

/// Writes a ledger on a watched disk, for tests that need a process which may be killed, or calls
/// of liblmdb's that may fail.
@main struct LedgerWorkload {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "trace": try TracedRun(arguments).run()
        case "fail": FailingRuns(arguments).run()
        case "load": try LoadedRun(arguments).run()
        case "pin": try PinnedRun(arguments).run()
        case "copy": try FailingCopies(arguments).run()
        case "backups": try KilledCopies(arguments).run()
        default: fatalError("usage: LedgerWorkload trace|fail|load|pin|copy|backups ...")
        }
    }

    static let options = LedgerOptions(mapBytes: 1 << 28, reserveBytes: 0)

    /// Small segments are made in the background, close behind the newest events.
    static func sealingOptions(_ durability: Durability = .losesNothing) -> LedgerOptions {
        var options = options
        options.sealing = SealingPolicy(keptEvents: 8, segmentEvents: 24)
        options.durability = durability
        return options
    }
}

extension [String] {
    /// The argument at `index`, which the test always gives.
    func number<Number: FixedWidthInteger>(_ index: Int) -> Number {
        guard index < count, let number = Number(self[index]) else {
            fatalError("argument \(index) is a number: \(self)")
        }
        return number
    }
}
