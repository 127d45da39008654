internal import Ledger
internal import Projections
internal import SIPAgent
internal import TrunkEvents

/// Reads from the log what a crash may have left open.
///
/// The projections that the last process saved tell where the facts of its open calls lie; those
/// are read, and all that came after. Without them, or when they are another log's, the whole log
/// is read: the same state either way, later.
enum BootRecovery {
    /// Facts less than this many events apart are read in one go: a seek costs more than passing
    /// over what lies between.
    static let gapMax: UInt64 = 64

    /// - Parameter path: the ledger's directory.
    static func read(_ reader: LedgerReader, ledger path: String) throws -> RecoveredState {
        let places = try savedPlaces(reader, path)
        var state = RecoveredState()
        var wanted = places.positions[...]
        while let first = wanted.first {
            let run = wanted.prefix(while: Self.reaches(from: first))
            wanted = wanted.dropFirst(run.count)
            try read(run, reader, into: &state)
        }
        try reader.read(from: places.next) { view in
            try apply(view, to: &state)
            return .next
        }
        return state
    }

    private static func savedPlaces(
        _ reader: LedgerReader, _ path: String
    ) throws(RecorderError) -> RecoveryPlaces {
        do throws(ProjectionError) {
            return try RecoveryPlaces.saved(ledger: path, reader: reader)
        } catch {
            throw .projections(error)
        }
    }

    /// Whether a position is near the one that was asked before it.
    private static func reaches(from first: Position) -> (Position) -> Bool {
        var last = first
        return { position in
            defer { last = position }
            return position.rawValue - last.rawValue <= gapMax
        }
    }

    private static func read(
        _ run: ArraySlice<Position>, _ reader: LedgerReader, into state: inout RecoveredState
    ) throws {
        var rest = run
        try reader.read(from: run[run.startIndex], through: run[run.endIndex - 1]) { view in
            guard view.position == rest.first else { return .next }
            rest.removeFirst()
            try apply(view, to: &state)
            return .next
        }
    }

    private static func apply(
        _ view: borrowing EventView, to state: inout RecoveredState
    ) throws {
        let header = view.header
        let moment = Moment(
            wall: WallInstant(nanoseconds: header.wallTime),
            monotonic: MonotonicInstant(nanoseconds: header.monotonicTime))
        do {
            let event = try Event(
                kind: header.kind.rawValue, version: header.schemaVersion, payload: view.payload)
            state.apply(event, at: moment)
        } catch {
            throw RecorderError.unreadableEvent(
                position: view.position, cause: String(describing: error))
        }
    }
}
