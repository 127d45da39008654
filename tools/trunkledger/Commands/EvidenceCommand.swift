import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Write the dispute pack of a call: record, facts, proofs, and their checker.",
        discussion: """
            One tar archive that a carrier checks without TrunkLedger: 'python3 check.py' in it \
            proves every fact against the signed checkpoint and works the record out anew from \
            them. Where no checkpoint covers the call yet, one is made.

              trunkledger evidence --call 0195c1a2b3c00001
              trunkledger evidence --call pbx1-4711 --out dispute.tar
              trunkledger evidence --invoice november.csv --invoice-row 4711

            Give the carrier the ledger's key.pub another way than the pack. The SIP messages in \
            it hold numbers, names and addresses: it is for who may see them.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var bill: InvoiceChoice

    @Option(help: "This call: its id, or the id of one of its records.")
    var call: CallReference?

    @Option(
        help: ArgumentHelp(
            "The call that this line of --invoice bills, and what the line says of it.",
            valueName: "line"))
    var invoiceRow: Int?

    @Option(
        help: ArgumentHelp(
            "The archive (default: evidence-CALL.tar in this directory).", valueName: "file"))
    var out: String?

    func validate() throws {
        guard (call == nil) != (invoiceRow == nil) else {
            throw ValidationError("evidence takes either --call or --invoice-row")
        }
        guard (invoiceRow == nil) == (bill.invoice == nil) else {
            throw ValidationError("--invoice and --invoice-row go together")
        }
    }

    func run() throws {
        let claim = try invoiceRow.map { row in
            try DisputedLine(invoice: InputFile(path: bill.invoice ?? ""), number: row)
                .claim(bill, in: source)
        }
        guard let call = claim.map({ CallReference.record($0.record) }) ?? call else { return }
        let reader = try source.reader()
        let facts = try call.facts(in: reader)
        guard let last = facts.last else { throw call.missing }
        if try reader.newestCheckpoint().map({ $0.checkpoint.position < last.position }) ?? true {
            _ = try CheckpointMaking(ledger: source.path(), reader: reader).make()
        }
        let told = try evidence(of: facts, in: reader)
        let pack = EvidencePack(told, claim: claim, version: TrunkLedgerCommand.version)
        let path = out ?? pack.name + ".tar"
        try pack.write(to: path)
        show(told, at: path)
    }

    /// What is missing, in terms of the command line.
    private func evidence(of facts: [LogEntry], in reader: LedgerReader) throws -> EvidenceCase {
        do {
            let projections = try source.projections(
                CallDetailRecords.self, CarrierUptime.self, OccupancyHistory.self)
            return try EvidenceCase(facts, in: reader, projections, now: .now)
        } catch let gap as EvidenceCase.Gap {
            switch gap {
            case .open:
                throw CommandFailure(
                    .badInput, "the call is not over yet; look at it with 'trunkledger replay'")
            case .notCheckpointed:
                throw CommandFailure(
                    .unusableLedger,
                    "no checkpoint covers the call; make one with 'trunkledger checkpoint'")
            case .unsigned:
                throw CommandFailure(
                    .unusableLedger,
                    "no key in the ledger's key.pub has signed its newest checkpoint; put the "
                        + "public key back, or make a checkpoint with 'trunkledger checkpoint'")
            }
        }
    }

    private func show(_ told: EvidenceCase, at path: String) {
        let standardOutput = StandardOutput()
        switch output.format {
        case .table, .csv:
            standardOutput.line(
                "\(path): \(told.facts.count) facts of call \(told.ladder.call), proved against a "
                    + "checkpoint of \(told.head.checkpoint.size) events")
        case .json, .ndjson:
            let value = OutputValue.record([
                ("file", .text(path)), ("call_id", OutputValue(told.ladder.call)),
                ("facts", .integer(Int64(told.facts.count))),
                ("records", .integer(Int64(told.records.count))),
                ("origin", .text(told.head.checkpoint.origin)),
                ("size", .unsigned(told.head.checkpoint.size)),
                ("key", OutputValue(told.key)),
            ])
            standardOutput.line(value.jsonText)
        }
        standardOutput.flush()
    }
}
