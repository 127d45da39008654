import Ledger
import TrunkEvents

/// A stretch of the log as folds take it: copied, so that several threads may read it, and not
/// decoded, since each fold needs another part of it.
struct FoldStretch: Sendable {
    private struct Entry {
        let stamp: Stamp
        let kind: FactKind
        let version: UInt8
        /// Where its payload ends in `payloads`; it begins where the one before it ends.
        let payloadEnd: Int
    }

    /// In order, up to an event that cannot be read.
    private var entries: [Entry] = []
    /// Those of all entries, one after the other.
    private var payloads = StateEncoder()
    /// Those that its events are of.
    private(set) var kinds: FactKinds = []
    private(set) var unreadable: ProjectionFault?

    /// The last event.
    var last: Position? { entries.last?.stamp.position }

    mutating func add(_ view: borrowing EventView) {
        guard unreadable == nil else { return }
        guard let kind = view.kind else {
            unreadable = ProjectionFault(unknown: view)
            return
        }
        add(kind, view.header.schemaVersion, view.payload, at: Stamp(view))
    }

    mutating func add(
        _ kind: FactKind, _ version: UInt8, _ payload: RawSpan, at stamp: Stamp
    ) {
        if entries.isEmpty { reserve() }
        payloads.append(payload)
        kinds.insert(kind)
        entries.append(
            Entry(stamp: stamp, kind: kind, version: version, payloadEnd: payloads.count))
    }

    /// Forgets the events and keeps their room.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        payloads.removeAll()
        kinds = []
        unreadable = nil
    }

    /// As much as most segments need: arrays that grow copy what is in them.
    private mutating func reserve() {
        entries.reserveCapacity(32_768)
        payloads.reserve(32_768 * 96)
    }

    /// The event there, behind all that were added, cannot be read.
    mutating func end(_ fault: ProjectionFault) { unreadable = fault }

    /// Calls `body` with each event, in order.
    func forEach(_ body: (borrowing FactView, Stamp) -> Void) {
        payloads.withBytes { bytes in
            var start = 0
            for entry in entries {
                let payload = bytes.extracting(start..<entry.payloadEnd)
                let fact = FactView(kind: entry.kind, version: entry.version, payload: payload)
                body(fact, entry.stamp)
                start = entry.payloadEnd
            }
        }
    }
}

extension EventView {
    /// What it is a fact of; `nil` where a newer program knows.
    fileprivate var kind: FactKind? { FactKind(rawValue: header.kind.rawValue) }

    /// Hands out the fact where it lies.
    func withFact(
        _ body: (borrowing FactView, Stamp) throws(ProjectionFault) -> Void
    ) throws(ProjectionFault) {
        guard let kind else { throw ProjectionFault(unknown: self) }
        let fact = FactView(kind: kind, version: header.schemaVersion, payload: payload)
        try body(fact, Stamp(self))
    }
}

extension ProjectionFault {
    /// Nobody here can say what an event of an unknown kind changes: every fold stops at it.
    fileprivate init(unknown view: borrowing EventView) {
        self.init(
            unreadable: .unknownKind(view.header.kind.rawValue), at: view.position)
    }
}
