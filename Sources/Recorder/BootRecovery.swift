internal import Ledger
internal import SIPAgent
internal import TrunkEvents

/// Reads from the log what a crash may have left open.
enum BootRecovery {
    static func read(_ reader: LedgerReader) throws -> RecoveredState {
        var state = RecoveredState()
        try reader.read { view in
            let header = view.header
            let moment = Moment(
                wall: WallInstant(nanoseconds: header.wallTime),
                monotonic: MonotonicInstant(nanoseconds: header.monotonicTime))
            do {
                let event = try Event(
                    kind: header.kind.rawValue, version: header.schemaVersion,
                    payload: view.payload)
                state.apply(event, at: moment)
            } catch {
                throw RecorderError.unreadableEvent(
                    position: view.position, cause: String(describing: error))
            }
            return .next
        }
        return state
    }
}
