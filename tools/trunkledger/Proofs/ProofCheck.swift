import Ledger
import Projections
import TrunkEvents

/// A proof file, checked with nothing but a key that is trusted.
struct ProofCheck {
    /// Why it convinces nobody; `nil` when it proves what it says.
    private(set) var objection: String?
    /// What it says, for people.
    let claim: String
    /// What it says, for programs.
    let members: [(name: String, value: OutputValue)]

    var holds: Bool { objection == nil }

    /// Evidence for one event.
    init(_ proof: TlogProof, trusting keys: [VerifierKey]) {
        let verdicts = keys.map { proof.verdict(trusting: $0) }
        let best = verdicts.first { $0 == .proves } ?? verdicts.first { $0 != .unsigned }
        objection = Self.objection(best ?? .unsigned)
        let event = Self.event(proof)
        let head = proof.head.checkpoint
        let what = event.map { " is \($0.fact.kind) of \($0.time.utcText)" } ?? ""
        // Positions count from 1, leaves from 0; the last of all leaves has no position.
        let (position, isBeyond) = proof.index.addingReportingOverflow(1)
        if isBeyond { objection = Self.objection(.notIncluded) }
        claim = "event \(position)\(what), one of the \(head.size) events of \(head.origin)"
        members =
            [
                ("proof", .text("inclusion")), ("position", .unsigned(position)),
                ("kind", OutputValue(event?.fact.kind)), ("time", OutputValue(event?.time)),
                ("fields", event.map { .record(FactValues($0.fact).members) } ?? OutputValue.none),
            ]
            + Self.members(of: head)
    }

    /// Evidence that the newer checkpoint continues the older one.
    init(_ proof: ContinuationProof, old: SignedCheckpoint, trusting keys: [VerifierKey]) {
        let verdicts = keys.map { proof.verdict(trusting: $0, old: old) }
        let best = verdicts.first { $0 == .proves } ?? verdicts.first { $0 != .unsigned }
        objection = Self.objection(best ?? .unsigned)
        let head = proof.head.checkpoint
        claim =
            "the first \(proof.oldSize) of the \(head.size) events of \(head.origin) are "
            + "unchanged"
        members =
            [("proof", .text("continuation")), ("old_size", .unsigned(proof.oldSize))]
            + Self.members(of: head)
    }

    private static func members(of head: Checkpoint) -> [(name: String, value: OutputValue)] {
        [
            ("origin", .text(head.origin)), ("size", .unsigned(head.size)),
            ("root", OutputValue(head.root)),
        ]
    }

    private static func objection(_ verdict: TlogProof.Verdict) -> String? {
        switch verdict {
        case .proves: nil
        case .leafMissing: "the event itself is not in the file"
        case .foreign: "its checkpoint is of another ledger than the key"
        case .unsigned: "its checkpoint does not carry the key's signature"
        case .forged: "its checkpoint carries a forged signature"
        case .notIncluded: "its hashes do not lead from the event to the checkpoint"
        }
    }

    private static func objection(_ verdict: ContinuationProof.Verdict) -> String? {
        switch verdict {
        case .proves: nil
        case .otherSize: "the older checkpoint has another size than the proof is for"
        case .foreign: "one of the checkpoints is of another ledger than the key"
        case .unsigned: "one of the checkpoints does not carry the key's signature"
        case .forged: "one of the checkpoints carries a forged signature"
        case .notContinued: "the newer checkpoint does not continue the older one"
        }
    }

    /// What the leaf says; `nil` for what this version does not understand.
    private static func event(_ proof: TlogProof) -> (fact: Event, time: WallInstant)? {
        guard let leaf = proof.leaf.flatMap({ EventLeaf(content: $0) }),
            let fact = try? Event(
                kind: leaf.header.kind.rawValue, version: leaf.header.schemaVersion,
                payload: leaf.payload.span.bytes)
        else { return nil }
        return (fact, WallInstant(nanoseconds: leaf.header.wallTime))
    }
}
