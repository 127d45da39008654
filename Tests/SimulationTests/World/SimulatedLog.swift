import Projections
import SIPAgent
import TrunkEvents

@testable import Ledger

/// The log as the disk has it: events at positions from 1, read back from their encoding, with the
/// projections that the recorder keeps live.
struct SimulatedLog {
    private(set) var entries: [LogEntry] = []
    private(set) var occupancy = TrunkOccupancy()
    private(set) var records = CallDetailRecords()
    private(set) var rows: [CDRRow] = []
    private var openCalls = OpenCallFacts()
    /// The agent saves its projections now and then: as they stood after so many events.
    private var saved = (openCalls: OpenCallFacts(), count: 0)
    private static let batchesPerSave = 37
    private var batches = 0

    /// Decodes the batch as a reader of the ledger would, folds it, and answers its entries.
    mutating func append(_ batch: EventBatch, boot: BootID) throws -> [LogEntry] {
        var start = 0
        let first = entries.count
        for stored in batch.entries {
            let end = Int(stored.payloadEnd)
            let payload = Array(batch.payloads[start..<end])
            start = end
            let header = stored.header
            let event = try Event(
                kind: header.kind.rawValue, version: header.schemaVersion,
                payload: payload.span.bytes)
            let moment = Moment(
                wall: WallInstant(nanoseconds: header.wallTime),
                monotonic: MonotonicInstant(nanoseconds: header.monotonicTime))
            let entry = LogEntry(
                position: Position(rawValue: UInt64(entries.count) + 1), moment: moment,
                boot: boot, event: event)
            entries.append(entry)
            try occupancy.apply(entry)
            records.apply(entry, finished: &rows)
            try openCalls.apply(entry)
        }
        batches += 1
        if batches.isMultiple(of: Self.batchesPerSave) { saved = (openCalls, entries.count) }
        return Array(entries[first...])
    }

    /// What the next process finds, as boot recovery reads it: what was saved tells where the facts
    /// of open calls lie; those are read, and all that came after.
    func recovered() -> RecoveredState {
        var state = RecoveredState()
        let places = saved.openCalls.positions.map { Int($0.rawValue) - 1 }
        for index in places + Array(saved.count..<entries.count) {
            let stamp = entries[index].stamp
            state.apply(
                entries[index].event, at: Moment(wall: stamp.wall, monotonic: stamp.monotonic))
        }
        return state
    }

    /// The projections go on from their saved state, as after a restart.
    mutating func reopenProjections() throws {
        occupancy = try TrunkOccupancy(decoding: occupancy.encoded)
        records = try CallDetailRecords(decoding: records.encoded)
        openCalls = try OpenCallFacts(decoding: openCalls.encoded)
    }

    /// Promise 4: the live state equals a fold from the first event, byte for byte.
    func differsFromRebuild() throws -> Bool {
        var occupancy = TrunkOccupancy()
        var records = CallDetailRecords()
        var openCalls = OpenCallFacts()
        var rows: [CDRRow] = []
        for entry in entries {
            try occupancy.apply(entry)
            try openCalls.apply(entry)
            records.apply(entry, finished: &rows)
        }
        return occupancy.encoded != self.occupancy.encoded
            || records.encoded != self.records.encoded || rows != self.rows
            || openCalls.encoded != self.openCalls.encoded
    }
}
