public import Ledger
public import TrunkEvents

/// All that an evidence pack tells of one call.
public struct EvidenceCase: Sendable {
    /// Outages that ended earlier, or began later, have nothing to do with the call.
    public static let outageWindow = Nanoseconds.seconds(86_400)

    public let ladder: CallLadder
    /// Every fact of the call, in order.
    public let call: [LogEntry]
    public let trunks: [TrunkName]
    /// The facts around it, see ``CallSurroundings``.
    public let context: [LogEntry]
    public let records: [CDRRow]
    /// Of the trunks, within ``outageWindow`` of the call; drawn from more facts than are proved.
    public let outages: [UptimeReport]
    /// What proves the facts, and the key that signed it.
    public let head: SignedCheckpoint
    public let key: VerifierKey
    /// One of each of ``facts``, in their order.
    public let proofs: [TlogProof]

    /// Call and context, in the order of the log.
    public var facts: [LogEntry] {
        (call + context).sorted { $0.position < $1.position }
    }

    /// Why there is no evidence.
    public enum Gap: Error, Hashable, Sendable {
        /// The call is not over, or holds a channel.
        case open
        /// No checkpoint covers the call's last fact.
        case notCheckpointed
        /// No public key of the ledger has signed the checkpoint.
        case unsigned
    }

    /// - Parameters:
    ///   - call: every fact of the call, in order.
    ///   - projections: caught up beyond the call.
    ///   - now: the wall clock of whoever asks.
    /// - Throws: ``Gap``, ``LedgerError``, ``ProjectionFault`` for an event that cannot be read.
    public init(
        _ call: [LogEntry], in reader: LedgerReader, _ projections: borrowing LedgerProjections,
        now: WallInstant
    ) throws {
        guard let ladder = CallLadder(call), ladder.isOver, let last = call.last else {
            throw Gap.open
        }
        guard let size = try reader.newestCheckpoint()?.checkpoint.size,
            last.position.rawValue <= size
        else { throw Gap.notCheckpointed }
        let around = try Self.surroundings(of: call, in: reader, through: Position(rawValue: size))
        self.ladder = ladder
        self.call = call
        trunks = around.trunks
        context = around.facts
        records = try Self.records(of: ladder.call, in: call, projections)
        outages = try Self.outages(of: around.trunks, around: call, projections, now: now)
        let positions = (call + around.facts).map(\.position).sorted()
        proofs = try reader.proofs(of: positions)
        guard let head = proofs.first?.head else { throw Gap.notCheckpointed }
        self.head = head
        let keys = try reader.verifierKeys()
        guard let key = keys.last(where: { $0.verdict(on: head.note) == .valid }) else {
            throw Gap.unsigned
        }
        self.key = key
    }

    private static func surroundings(
        of call: [LogEntry], in reader: LedgerReader, through last: Position
    ) throws -> CallSurroundings {
        var around = CallSurroundings(of: call)
        let streams = around.trunks.map { FactStream($0) } + [.node]
        let query = EventQuery(
            through: last, streams: Set(streams.map { StreamID(rawValue: $0.rawValue) }),
            kinds: Set(CallSurroundings.kinds.map { EventKind(rawValue: $0.rawValue) }))
        try reader.read(query) { view in
            around.apply(try LogEntry.decoded(view).get())
            return .next
        }
        return around
    }

    private static func records(
        of id: CallID, in call: [LogEntry], _ projections: borrowing LedgerProjections
    ) throws -> [CDRRow] {
        guard let first = call.first, let last = call.last else { return [] }
        var rows: [CDRRow] = []
        try projections.forEachRecord(closedIn: first.position...last.position) { row in
            if row.call == id { rows.append(row) }
            return .next
        }
        return rows
    }

    private static func outages(
        of trunks: [TrunkName], around call: [LogEntry],
        _ projections: borrowing LedgerProjections, now: WallInstant
    ) throws -> [UptimeReport] {
        guard let first = call.first, let last = call.last else { return [] }
        // An outage that was announced is one all the same.
        var exclusions = UptimeExclusions()
        exclusions.ofTrunks = [:]
        return UptimeReport.reports(
            closed: try projections.uptimeSpans(), uptime: projections.uptime,
            from: first.wall.advanced(by: .zero - outageWindow),
            to: last.wall.advanced(by: outageWindow), now: now, exclusions: exclusions
        ).filter { report in report.subject.trunk.map { trunks.contains($0) } ?? false }
    }
}

extension CallLadder {
    /// Nothing more can be recorded of it.
    fileprivate var isOver: Bool {
        rungs.contains { $0.kind == .callEnded || $0.kind == .callRecovered }
            && channels.allSatisfy { $0.releasedAt != nil }
    }
}
