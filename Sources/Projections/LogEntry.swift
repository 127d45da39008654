public import Ledger
public import TrunkEvents

/// One event of the log, as a fold sees it.
public struct LogEntry: Hashable, Sendable {
    public let stamp: Stamp
    public let event: Event

    public init(stamp: Stamp, event: Event) {
        self.stamp = stamp
        self.event = event
    }

    public init(position: Position, moment: Moment, boot: BootID, event: Event) {
        stamp = Stamp(
            position: position, wall: moment.wall, monotonic: moment.monotonic, boot: boot)
        self.event = event
    }

    /// Decodes the payload.
    ///
    /// - Throws: ``FactDecodingError`` when the payload is not of the kind it claims to be.
    public init(_ view: borrowing EventView) throws(FactDecodingError) {
        let header = view.header
        stamp = Stamp(view)
        event = try Event(
            kind: header.kind.rawValue, version: header.schemaVersion, payload: view.payload)
    }

    /// Decodes the payload of an event that a fold needs: where it cannot be read, the fold stops.
    init(needed view: borrowing EventView) throws(ProjectionFault) {
        do throws(FactDecodingError) {
            self = try LogEntry(view)
        } catch {
            throw ProjectionFault(unreadable: error, at: view.position)
        }
    }

    /// The entry, or the fault at which every fold that needs it stops.
    static func decoded(_ view: borrowing EventView) -> Result<LogEntry, ProjectionFault> {
        do throws(ProjectionFault) {
            return .success(try LogEntry(needed: view))
        } catch {
            return .failure(error)
        }
    }

    public var position: Position { stamp.position }
    public var wall: WallInstant { stamp.wall }
}
