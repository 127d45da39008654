public import Ledger
import TrunkEvents

/// What a rebuild of one projection found.
public struct RebuildReport: Hashable, Sendable {
    public let projection: String
    /// Of the saved state; `nil` when nothing saved fits the log.
    public let digestBefore: Digest?
    /// Of the state folded from event 1 up to the saved cursor; `nil` where the fold stopped.
    public let digestAfter: Digest?
    /// Every saved row, and no other, was folded again, byte for byte. True where nothing is saved.
    public let rowsAreSame: Bool
    /// Events folded.
    public let events: UInt64
    public let fault: ProjectionFault?

    /// Saved and rebuilt bytes are the same. Nothing saved contradicts nothing.
    public var isUnchanged: Bool {
        fault == nil && (digestBefore == nil || digestBefore == digestAfter) && rowsAreSame
    }
}

/// Folds one projection from event 1 again and compares.
struct Rebuild<P: PagedFold> {
    private let before: Digest?
    private var after: Digest?
    private let target: LedgerHead
    private var state = P.forWholeLog()
    private var position = Position.zero
    private var packer = RowPacker<P>()
    private let pages: PageWriter
    private var fault: ProjectionFault?

    /// - Parameters:
    ///   - saved: what is compared with.
    ///   - fresh: an empty store, which gets what is folded: the saved one answers until then.
    ///   - replace: called once that is complete and closed.
    ///   - head: how far to fold where nothing usable is saved.
    init(
        saved store: (any ProjectionStore)?, into fresh: (any ProjectionStore)?,
        replace: @escaping () throws(LedgerError) -> Void, head: LedgerHead,
        linkAt: (Position) throws(LedgerError) -> Link?
    ) throws(LedgerError) {
        guard let store, let saved = try ProjectionRunner<P>.saved(in: store),
            saved.version == P.version, saved.cursor.position <= head.position,
            saved.cursor.matches(head, linkThere: try linkAt(saved.cursor.position))
        else {
            pages = PageWriter(fresh, comparing: nil, replace: replace)
            before = nil
            target = head
            return
        }
        pages = PageWriter(
            fresh, comparing: SavedRows(saved.rowCount, in: store), replace: replace)
        target = LedgerHead(
            ledger: saved.cursor.ledger, position: saved.cursor.position, link: saved.cursor.link)
        before = Digest(of: saved.state)
    }

    mutating func apply(_ stretch: EventStretch) {
        if let own = P.kinds, let told = FactKinds(stretch.kinds), own.isDisjoint(with: told) {
            pass(stretch)
        } else {
            stretch.forEach { event in
                do throws(ProjectionFault) {
                    try event.withFact { (fact, stamp) throws(ProjectionFault) in
                        apply(fact, at: stamp)
                    }
                } catch {
                    stop(error)
                }
                return .next
            }
        }
        flushFullPages()
    }

    /// Nothing in it changes anything.
    private mutating func pass(_ stretch: EventStretch) {
        guard fault == nil, let last = stretch.last else { return }
        position = min(last, target.position)
    }

    /// Writes what is finished, once it is worth a commit.
    mutating func flushFullPages() {
        if packer.fullCount >= Self.pagesPerCommit { pages.take(packer.takeFull()) }
    }

    /// A commit waits for the disk twice: some megabytes at once.
    private static var pagesPerCommit: Int { max(1, LedgerProjections.newRowsMax / P.rowsPerPage) }

    mutating func apply(_ fact: borrowing FactView, at stamp: Stamp) {
        guard fault == nil, stamp.position <= target.position else { return }
        do throws(ProjectionFault) {
            try state.apply(fact, at: stamp, packing: &packer)
        } catch {
            fault = error
            return
        }
        position = stamp.position
    }

    /// The event there cannot be read.
    mutating func stop(_ unreadable: ProjectionFault) {
        guard fault == nil, unreadable.position <= target.position else { return }
        fault = unreadable
    }

    /// No event comes any more. Does not wait until all is stored; see ``report()``.
    mutating func end() {
        pages.take(packer.takeFull() + (packer.openPage.map { [$0] } ?? []))
        guard fault == nil else { return pages.end(with: nil) }
        let result = SavedProjection(
            version: P.version, cursor: Cursor(target), rowCount: packer.rowCount,
            state: state.encoded)
        after = Digest(of: result.state)
        pages.end(with: result)
    }

    /// Once it has ended.
    func report() throws(LedgerError) -> RebuildReport {
        let rowsAreSame = try pages.finish()
        return RebuildReport(
            projection: P.name, digestBefore: before, digestAfter: after,
            rowsAreSame: rowsAreSame, events: position.rawValue, fault: fault)
    }
}

extension LedgerProjections {
    /// Folds every projection from event 1 and compares it with what is saved, byte for byte.
    ///
    /// All processors read ahead; the records, which take as long as all others together, are
    /// folded beside them. An owner also replaces what is saved, each projection at once when it
    /// is complete. A reader compares only: the running agent owns it. `progress` is told now and
    /// then which event of how many was read.
    public static func rebuild(
        ledger path: String, reader: LedgerReader, mode: Mode,
        progress: (_ position: Position, _ through: Position) -> Void = { _, _ in }
    ) throws -> [RebuildReport] {
        let stores = StoreDirectory(ledger: path, mode: mode)
        try stores.prepare()
        let head = try reader.head()
        guard head.position > .zero else { return [] }
        let lanes = try lanes(stores, head, reader)
        try reader.replayStretches(through: head.position) { stretch in
            for lane in lanes { lane.take(stretch) }
            if let last = stretch.last { progress(last, head.position) }
            return .next
        }
        // All of them wait for the disk at once.
        for lane in lanes { lane.end() }
        return try lanes.flatMap { try $0.reports() }
    }

    private static func lanes(
        _ stores: StoreDirectory, _ head: LedgerHead, _ reader: LedgerReader
    ) throws -> [FoldLane] {
        [
            FoldLane(try stores.rebuild(head, reader)),
            FoldLane(try OtherRebuilds(stores, head, reader)),
        ]
    }
}
