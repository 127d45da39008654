import ArgumentParser
import Ledger
import Projections

struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write the proof that an event is in the log, or that the log was continued.",
        discussion: """
            The proof holds against the newest checkpoint, needs no ledger, and is checked with \
            'verify --proof' or by any program that follows C2SP's tlog-proof.

              trunkledger prove pbx1-4711 > 4711.tlog-proof    # a call record's seizure
              trunkledger prove 4711 > 4711.tlog-proof         # the event at a position
              trunkledger prove --since monday.checkpoint > monday-till-now.proof
            """)

    @OptionGroup var source: LedgerChoice

    @Argument(help: "A position, as 'events' prints it, or a CDR's id, as 'cdr list' prints it.")
    var event: String?

    @Option(
        help: ArgumentHelp(
            "Prove that the log still begins as it did at this checkpoint.", valueName: "file"))
    var since: String?

    func validate() throws {
        guard (event == nil) != (since == nil) else {
            throw ValidationError("prove takes either an event or --since")
        }
    }

    func run() throws {
        let proof = try since.map(continuation) ?? inclusion(of: position())
        let standardOutput = StandardOutput()
        standardOutput.write(proof)
        standardOutput.flush()
    }

    private func inclusion(of position: Position) throws -> [UInt8] {
        let reader = try source.reader()
        let last = try reader.head().position
        guard position <= last else {
            throw CommandFailure(
                .badInput, "there is no event \(position) yet; the log ends with \(last)")
        }
        return try Self.checkpointed { try reader.proof(of: position).encoded }
    }

    private func continuation(since path: String) throws -> [UInt8] {
        let old = try KeptCheckpoint.read(path).checkpoint
        let reader = try source.reader()
        guard old.origin == reader.lineage.origin else {
            throw CommandFailure(
                .badInput,
                "\(path) is a checkpoint of \(old.origin), not of this ledger; name its own")
        }
        return try Self.checkpointed { try reader.continuation(from: old.size).encoded }
    }

    /// What to do about a missing checkpoint, in terms of the command line.
    private static func checkpointed(_ prove: () throws -> [UInt8]) throws -> [UInt8] {
        do {
            return try prove()
        } catch let error as LedgerError where error.code == .notCheckpointed {
            throw CommandFailure(
                .unusableLedger, "\(error.cause); make one with 'trunkledger checkpoint'")
        }
    }

    private func position() throws(CommandFailure) -> Position {
        let text = event ?? ""
        if let number = UInt64(text), number > 0 { return Position(rawValue: number) }
        if let record = CDRID(text), record.position > .zero { return record.position }
        throw .usage(
            "'\(text)' is neither a position nor a call record's id; they look like 4711 and "
                + "pbx1-4711")
    }
}
