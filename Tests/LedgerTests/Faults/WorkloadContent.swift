import Ledger

@testable import LedgerWorkload

/// What is wrong with a ledger that a workload wrote.
struct WrongContent: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The batches of a workload that a ledger holds, each found whole and as it was written.
struct WorkloadContent {
    /// Numbers in their order, for each producer.
    private(set) var numbers: [UInt16: [UInt32]] = [:]
    /// The position that each batch of producer 0 ends at.
    private(set) var lasts: [UInt32: Position] = [:]
    private(set) var eventCount = 0

    /// Throws ``WrongContent`` unless `reader` finds whole batches, each once and in order.
    init(_ reader: LedgerReader, _ expected: inout ExpectedBatches) throws {
        var events: [WorkloadBatch.Event] = []
        var next = 0
        var current: WorkloadBatch?
        var fault: WrongContent?
        var position = Position.zero
        try reader.read { event in
            let found = WorkloadBatch.Event(
                header: event.header, payload: event.payload.withUnsafeBytes { [UInt8]($0) })
            if event.position != position.next {
                fault = WrongContent("\(event.position) follows \(position)")
                return .stop
            }
            position = event.position
            if next == events.count {
                guard let batch = WorkloadBatch(seed: expected.seed, payload: found.payload)
                else {
                    fault = WrongContent("position \(position) is no event of the workload")
                    return .stop
                }
                current = batch
                events = expected.events(batch)
                next = 0
            }
            guard let batch = current, found == events[next] else {
                fault = WrongContent("position \(position) holds another event than appended")
                return .stop
            }
            next += 1
            if next == events.count { fault = finish(batch, at: position) }
            return fault == nil ? .next : .stop
        }
        if let fault { throw fault }
        if next != events.count { throw WrongContent("the last batch is half there") }
        eventCount = Int(position.rawValue)
    }

    private mutating func finish(_ batch: WorkloadBatch, at last: Position) -> WrongContent? {
        if let before = numbers[batch.producer]?.last, before >= batch.number {
            return WrongContent(
                "batch \(batch.number) of producer \(batch.producer) follows \(before)")
        }
        numbers[batch.producer, default: []].append(batch.number)
        if batch.producer == 0 { lasts[batch.number] = last }
        return nil
    }

    /// Producer 0's batches are all there from the first one on.
    var isGapless: Bool {
        numbers.values.allSatisfy { $0 == Array(0..<UInt32($0.count)) }
    }

    func contains(_ number: UInt32, of producer: UInt16) -> Bool {
        guard let found = numbers[producer] else { return false }
        return found.contains(number)
    }
}

/// The events of batches, made once.
struct ExpectedBatches {
    let seed: UInt64
    private var made: [UInt64: [WorkloadBatch.Event]] = [:]

    init(seed: UInt64) { self.seed = seed }

    mutating func events(_ batch: WorkloadBatch) -> [WorkloadBatch.Event] {
        let key = UInt64(batch.producer) << 32 | UInt64(batch.number)
        if let events = made[key] { return events }
        let events = batch.events
        made[key] = events
        return events
    }
}
