import ArgumentParser
import Ledger
import Projections

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every frame of the log from its bytes: checksums, hash chain, order.",
        discussion: """
            Also every signed checkpoint against the events under it. Names each fault with the \
            position of the first event it touches. Works while the agent runs.

              trunkledger verify
              trunkledger verify --since-checkpoint          # only what came after the newest one
              trunkledger verify --against monday.checkpoint --key key.pub
              trunkledger verify --proof 4711.tlog-proof --key key.pub     # needs no ledger

            Without --key, the ledger's own key.pub is believed: that finds accidents, not forgers.

            Exit status: 0 it is sound, 1 faults were found, 69 the ledger cannot be opened.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Flag(help: "Begin behind the newest good checkpoint; older faults are not found.")
    var sinceCheckpoint = false

    @Option(
        help: ArgumentHelp(
            "A checkpoint that was kept elsewhere; may be repeated.", valueName: "file"))
    var against: [String] = []

    @Option(
        help: ArgumentHelp("The public keys that you trust, one a line.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "Check this proof from 'prove' instead of a ledger; one of --since needs the older "
                + "checkpoint in --against.", valueName: "file"))
    var proof: String?

    func validate() throws {
        guard proof != nil else { return }
        if key == nil { throw ValidationError("--proof needs a key that you trust: --key FILE") }
        if sinceCheckpoint { throw ValidationError("--proof goes without --since-checkpoint") }
    }

    func run() throws {
        let isSound = try proof.map(checkProof) ?? checkLedger()
        guard isSound else { throw CommandFailure.found }
    }

    private func checkLedger() throws -> Bool {
        let keys = try key.map { try TrustedKeys(file: $0).keys }
        let kept = try against.map { try KeptCheckpoint.read($0) }
        let reader = try source.reader()
        let progress = Progress("verifying")
        let report = try reader.verify(
            sinceCheckpoint ? .sinceCheckpoint : .everything, against: kept, trusting: keys
        ) { progress.update($0.position.rawValue, of: $0.through.rawValue) }
        progress.end()
        show(Self.text(report), Self.value(report))
        return report.isSound
    }

    private func checkProof(_ path: String) throws -> Bool {
        let keys = try TrustedKeys(file: key ?? "").keys
        let check = try proofCheck(path, trusting: keys)
        let text = check.objection.map { "NOT proved: \(check.claim): \($0)\n" }
        let verdict: [(name: String, value: OutputValue)] = [
            ("sound", .truth(check.holds)), ("fault", OutputValue(check.objection)),
        ]
        show(text ?? "proved: \(check.claim)\n", .record(verdict + check.members))
        return check.holds
    }

    private func proofCheck(
        _ path: String, trusting keys: [VerifierKey]
    ) throws -> ProofCheck {
        let bytes = try InputFile(path: path).bytes()
        if let proof = TlogProof(parsing: bytes) { return ProofCheck(proof, trusting: keys) }
        guard let proof = ContinuationProof(parsing: bytes) else {
            throw CommandFailure(
                .badInput, "\(path) is no proof; give a file that 'trunkledger prove' printed")
        }
        guard against.count == 1, let old = against.first else {
            throw CommandFailure.usage(
                "\(path) continues an older checkpoint; give that one with --against FILE")
        }
        return ProofCheck(proof, old: try KeptCheckpoint.read(old), trusting: keys)
    }

    private func show(_ text: String, _ value: OutputValue) {
        let standardOutput = StandardOutput()
        switch output.format {
        case .table, .csv: standardOutput.write(text)
        case .json, .ndjson: standardOutput.line(value.jsonText)
        }
        standardOutput.flush()
    }

    private static func text(_ report: VerifyReport) -> String {
        var text = report.faults.map { "\($0)\n" }.joined()
        let unlisted = report.faultCount - report.faults.count
        if unlisted > 0 { text += "and \(unlisted) more\n" }
        let start = report.start == .zero ? "" : " after \(report.start)"
        let size =
            "\(report.events) events\(start) in \(report.frames) frames, \(report.bytes) bytes"
        if report.isSound {
            let head = "head \(report.head.position) \(report.head.link)"
            return text + away(report) + "sound: \(size), \(head)\n" + root(report)
        }
        let faults = report.faultCount == 1 ? "1 fault" : "\(report.faultCount) faults"
        return text + "NOT sound: \(faults) in \(size)\n"
    }

    private static func away(_ report: VerifyReport) -> String {
        if report.awayEvents == 0 { return "" }
        return "\(report.awayEvents) events are archived where they cannot be read now: of those, "
            + "only hashes and chain were checked\n"
    }

    private static func root(_ report: VerifyReport) -> String {
        let heads = report.checkpoints == 1 ? "1 checkpoint" : "\(report.checkpoints) checkpoints"
        return report.root.map { "root \($0), \(heads) held against the events\n" } ?? ""
    }

    private static func value(_ report: VerifyReport) -> OutputValue {
        .record([
            ("sound", .truth(report.isSound)),
            ("events", .unsigned(report.events)),
            ("frames", .integer(Int64(report.frames))),
            ("bytes", .unsigned(report.bytes)),
            ("away_events", .unsigned(report.awayEvents)),
            ("ledger", OutputValue(report.head.ledger)),
            ("head_position", .unsigned(report.head.position.rawValue)),
            ("head_link", OutputValue(report.head.link)),
            ("root", OutputValue(report.root)),
            ("checkpoints", .integer(Int64(report.checkpoints))),
            ("start", .unsigned(report.start.rawValue)),
            ("fault_count", .integer(Int64(report.faultCount))),
            (
                "faults",
                .list(
                    report.faults.map { fault in
                        .record([
                            ("position", .unsigned(fault.position.rawValue)),
                            ("cause", OutputValue(fault.cause)),
                        ])
                    })
            ),
        ])
    }
}
