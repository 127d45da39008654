public import Ledger
public import TrunkEvents

/// A pure fold over the log.
///
/// Its state depends on nothing but the events and their order: the live state, encoded, equals
/// that of a fold from event 1 byte for byte. What is finished leaves the state as a row, so that
/// the state stays as small as what is open.
public protocol Projection: StateCodable, Sendable {
    /// What the fold is finished with; ``NoRow`` when nothing ever is.
    associatedtype Row: ProjectionRow = NoRow

    /// The directory of its saved state.
    static var name: String { get }
    /// Raised when the fold or its encoding changes: older saved state is rebuilt.
    static var version: UInt32 { get }
    /// The kinds of facts that may change the state or finish a row, so that a replay can leave the
    /// others aside; `nil` where any may.
    static var kinds: FactKinds? { get }
    /// How many rows are stored as one value: many where they are small and read one after the
    /// other, 1 where they are large and looked up.
    static var rowsPerPage: Int { get }

    init()

    /// What reads the whole log at once begins with it, and may need more memory for less time. The
    /// bytes are those of ``init()``.
    static func forWholeLog() -> Self

    /// Takes the next event and appends the rows that it finishes.
    mutating func apply(_ entry: LogEntry, finished rows: inout [Row]) throws(ProjectionFault)

    /// The same for an event that is not decoded. As long as a fold says nothing else, facts of
    /// its ``kinds`` are decoded for it; one that sees millions is a ``FactFold``.
    mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [Row]
    ) throws(ProjectionFault)
}

/// Something a fold is finished with. It never changes again.
public protocol ProjectionRow: StateCodable, Sendable {
    /// The event that finished it. Rows of a fold never go back in position.
    var closedAt: Position { get }
}

/// The row of folds that finish nothing.
public enum NoRow: ProjectionRow {
    public var closedAt: Position {
        switch self {}
    }
    public func encode(into encoder: inout StateEncoder) {}
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        throw .invalidValue(offset: decoder.offset)
    }
}

extension Projection {
    public static var kinds: FactKinds? { nil }
    public static var rowsPerPage: Int { 64 }
    public static func forWholeLog() -> Self { Self() }

    public mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [Row]
    ) throws(ProjectionFault) {
        if let kinds = Self.kinds, !kinds.contains(fact.kind) { return }
        let event: Event
        do throws(FactDecodingError) {
            event = try fact.event()
        } catch {
            throw ProjectionFault(unreadable: error, at: stamp.position)
        }
        try apply(LogEntry(stamp: stamp, event: event), finished: &rows)
    }
}

extension Projection {
    /// ``kinds`` as the log knows them.
    static var eventKinds: Set<EventKind>? {
        kinds?.eventKinds
    }
}

extension Projection where Row == NoRow {
    public mutating func apply(_ entry: LogEntry) throws(ProjectionFault) {
        var rows: [NoRow] = []
        try apply(entry, finished: &rows)
    }
}

/// Why a fold cannot go on. It stops alone; the others continue.
public struct ProjectionFault: Error, Hashable, Sendable {
    /// The event it stopped at.
    public let position: Position
    public let cause: String

    public init(position: Position, cause: String) {
        self.position = position
        self.cause = cause
    }
}

extension ProjectionFault {
    init(unreadable error: FactDecodingError, at position: Position) {
        self.init(position: position, cause: "its payload cannot be read: \(error)")
    }
}

extension ProjectionFault: CustomStringConvertible {
    public var description: String { "event \(position): \(cause)" }
}
