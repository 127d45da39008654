import Foundation
import Ledger
import Synchronization
import TestSupport

/// An event as a test wants to compare it.
struct Event: Equatable {
    var position: Position
    var header: EventHeader
    var bootID: BootID
    var payload: [UInt8]
}

extension Event {
    init(_ view: borrowing EventView) {
        position = view.position
        header = view.header
        bootID = view.bootID
        payload = view.payload.withUnsafeBytes { [UInt8]($0) }
    }
}

/// A batch of `count` events whose stream and payload tell them apart.
func batch(_ count: Int, stream: UInt64 = 7, payload: [UInt8] = [1, 2, 3]) -> EventBatch {
    var batch = EventBatch()
    for index in 0..<count {
        batch.append(header(UInt64(index), stream: stream), payload: payload + [UInt8(index & 255)])
    }
    return batch
}

func header(_ index: UInt64, stream: UInt64 = 7) -> EventHeader {
    EventHeader(
        kind: EventKind(rawValue: 258), schemaVersion: 3, stream: StreamID(rawValue: stream),
        wallTime: -1 - Int64(index), monotonicTime: 1_000 + index)
}

/// Random batches: sizes from nothing to over a page, a few streams.
func randomBatch(_ generator: inout SeededGenerator) -> EventBatch {
    var batch = EventBatch()
    for index in 0..<UInt64.random(in: 1...20, using: &generator) {
        let size = Int.random(in: 0...300, using: &generator)
        batch.append(
            header(index, stream: UInt64.random(in: 0...3, using: &generator)),
            payload: generator.bytes(size))
    }
    return batch
}

extension LedgerReader {
    func all(from: Position = .first, through: Position? = nil) throws -> [Event] {
        var events: [Event] = []
        try read(from: from, through: through) { event in
            events.append(Event(event))
            return .next
        }
        return events
    }
}

extension LedgerWriter {
    /// What `open(_:)` means in these tests. A sanitizer takes most of the address space, and the
    /// tests, which run beside each other, would not find a tebibyte each in the rest.
    static func open(_ path: String) throws(LedgerError) -> LedgerWriter {
        try open(path, options: LedgerOptions(mapBytes: 1 << 30))
    }

    /// Appends from a thread that may block.
    @discardableResult
    func appendAndWait(_ batch: EventBatch, reserve: Bool = false) throws -> AppendReceipt {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<AppendReceipt, LedgerError>?>(nil)
        append(batch, reserve: reserve) { answer in
            result.withLock { $0 = answer }
            done.signal()
        }
        done.wait()
        return try result.withLock { $0! }.get()
    }
}

/// The code that `body` is refused with; `nil` when it is not.
func refusal(_ body: () throws -> Void) -> LedgerError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? LedgerError)?.code
    }
}
