import Ledger
import TrunkEvents

/// The dispute pack of one call: files that a third party checks without us.
///
/// A pack of the same call against the same checkpoint, made by the same version, is the same
/// bytes.
public struct EvidencePack: Sendable {
    /// What the checker knows the files by; raised when their meaning changes.
    public static let format = "trunkledger-evidence 1"

    public struct File: Hashable, Sendable {
        public let name: String
        public let bytes: [UInt8]
    }

    /// `evidence-CALL`: the folder within the archive.
    public let name: String
    public private(set) var files: [File] = []
    private let modified: WallInstant

    /// - Parameters:
    ///   - claim: the line of an invoice that is disputed.
    ///   - version: of the program that writes the pack.
    public init(_ told: EvidenceCase, claim: EvidenceClaim? = nil, version: String) {
        name = "evidence-\(told.ladder.call)"
        modified = told.call.last?.wall ?? WallInstant(nanoseconds: 0)
        let ladder = Self.ladder(told)
        add("README.txt", Self.readme(told, version: version))
        add("summary.html", EvidenceSummary(told, claim, ladder: ladder).page)
        add("ladder.txt", ladder)
        add("cdr.json", Self.records(told.records))
        add("facts.ndjson", Self.facts(told))
        if let claim { add("claim.json", claim.json) }
        files.append(File(name: "checkpoint", bytes: told.head.encoded))
        add("key.pub", "\(told.key)\n")
        for (fact, proof) in zip(told.facts, told.proofs) {
            files.append(File(name: "proofs/\(fact.position).tlog-proof", bytes: proof.encoded))
        }
        add("check.py", OfflineChecker.program)
        add("SHA256SUMS", Self.sums(files))
    }

    /// One ustar archive.
    public var archive: [UInt8] {
        var archive = TarArchive(modified: modified)
        for file in files { archive.add("\(name)/\(file.name)", file.bytes) }
        archive.finish()
        return archive.bytes
    }

    /// Writes the archive, whole or not at all.
    public func write(to path: String) throws(ExportError) {
        try DurableFile.replace(path, with: archive)
    }

    private mutating func add(_ name: String, _ text: String) {
        files.append(File(name: name, bytes: Array(text.utf8)))
    }

    private static func ladder(_ told: EvidenceCase) -> String {
        // The time of day within 2026-11-22T14:03:05.250Z.
        let drawing = LadderDrawing(width: 100) { String($0.utcText.suffix(13).dropLast()) }
        let day = told.call.first.map { "times are UTC; it began \($0.wall.utcText)" } ?? ""
        return (drawing.lines(told.ladder) + ["", day]).map { $0 + "\n" }.joined()
    }

    private static func records(_ rows: [CDRRow]) -> String {
        let lines = rows.map { row in
            var json = JSONWriter()
            RatedCDR(unrated: row).write(to: &json, isRated: false)
            return String(decoding: json.bytes, as: UTF8.self)
        }
        return "[" + lines.joined(separator: ",\n") + "]\n"
    }

    private static func facts(_ told: EvidenceCase) -> String {
        let call = Set(told.call.map(\.position))
        var json = JSONWriter()
        for fact in told.facts {
            json.beginObject()
            json.key("position")
            json.integer(fact.position.rawValue)
            json.key("about")
            json.string(call.contains(fact.position) ? "call" : "context")
            write(fact, to: &json)
            json.endObject()
            json.endLine()
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func write(_ fact: LogEntry, to json: inout JSONWriter) {
        json.key("time")
        json.string(fact.wall.exactUTCText)
        json.key("monotonic_ns")
        json.integer(fact.stamp.monotonic.nanoseconds)
        json.key("boot")
        json.string(fact.stamp.boot.description)
        json.key("kind")
        json.string(fact.event.kind.description)
        json.key("version")
        json.integer(fact.event.version)
        json.key("stream")
        json.string(CallID(rawValue: fact.event.stream.rawValue).description)
        json.key("fields")
        json.beginObject()
        for (name, value) in FactFields(fact.event).members {
            json.key(name)
            json.field(value)
        }
        json.endObject()
    }

    /// As `sha256sum -c` reads it.
    private static func sums(_ files: [File]) -> String {
        files.sorted { $0.name < $1.name }
            .map { "\(Digest(of: $0.bytes))  \($0.name)\n" }.joined()
    }

    private static func readme(_ told: EvidenceCase, version: String) -> String {
        """
        \(format)

        Evidence of call \(told.ladder.call), written by trunkledger \(version).

        To check it, with nothing but Python 3.8 or newer:

            python3 check.py

        or, with a checker and a public key that you got another way:

            python3 check.py --key key.pub evidence.tar

        summary.html   what happened, for people
        ladder.txt     the call's messages and channels as a ladder
        cdr.json       the call's records, one per attempt on a trunk
        facts.ndjson   every recorded fact of the call, and of its trunks, the agent and the
                       clock around it: the last before, what changed during it, the first after
        claim.json     the line of an invoice that is disputed, where one is
        proofs/        of each fact its bytes and the proof that they are in the log (C2SP
                       tlog-proof, RFC 6962)
        checkpoint     the signed head of the log that the proofs lead to (C2SP tlog-checkpoint)
        key.pub        the log's public key (Ed25519)
        check.py       checks all of this
        SHA256SUMS     finds accidents; 'sha256sum -c SHA256SUMS' reads it

        What it proves: these facts, with these times, were in the log when the checkpoint was
        signed, and the record follows from them. Who wants to be sure of the key, and that
        nothing was added later, compares key and checkpoint with a copy kept since then.
        What it cannot prove: that a fact which is not here was not in the log; and the hour of
        the recorder's clock, which says what its owner set it to. Durations come from a clock
        that never steps.

        """
    }
}
