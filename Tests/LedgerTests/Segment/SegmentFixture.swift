import TestSupport

@testable import Ledger

/// A ledger's frames as a segment, filed beside them.
struct SealedCopy {
    let writer: LedgerWriter
    let encoded: EncodedSegment

    /// Seals all that `writer` has recorded, without taking the frames away.
    init(_ writer: LedgerWriter) throws {
        self.writer = writer
        encoded = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            var builder = SegmentBuilder(
                first: .first, previousLink: .origin(of: writer.reader.ledger))
            var cursor = PageCursor(try snapshot.frames())
            guard try cursor.seekFirst() else { throw .segment(.frames) }
            repeat {
                try builder.add(FrameView(cursor.value(), filedUnder: cursor.key()))
            } while try cursor.advance()
            return builder.finish()
        }
        try store([encoded.head] + encoded.pieces)
    }

    func store(_ pieces: [[UInt8]]) throws {
        let first = encoded.first
        try writer.performAndWait { transaction throws(DatabaseError) in
            let segments = try transaction.open(LedgerFormat.segmentsName)
            for (number, piece) in pieces.enumerated() {
                let key = SegmentLayout.key(first, piece: UInt32(number))
                try transaction.put(key, piece, in: segments)
            }
        }
    }

    func read<Value>(_ body: (SegmentView) throws(Corruption) -> Value) throws -> Value {
        try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            guard let segments = try snapshot.database(LedgerFormat.segmentsName) else {
                throw .metadata(LedgerFormat.segmentsName)
            }
            guard let head = try segments.segment(first: encoded.first) else {
                throw .segment(.header)
            }
            return try body(head.open())
        }
    }

    func audit() throws {
        let origin = Link.origin(of: writer.reader.ledger)
        try read { segment throws(Corruption) in
            var audit = SegmentAudit()
            try audit.check(segment, after: origin)
        }
    }

    /// Events at `indices`, decoded in that order by one decoder.
    func events(_ indices: [Int]) throws -> [Event] {
        try read { segment throws(Corruption) in
            var decoder = try SegmentDecoder(segment)
            var events: [Event] = []
            for index in indices {
                events.append(try decoder.visit(index, in: segment) { Event($0) })
            }
            return events
        }
    }
}

/// Batches as odd as they may be: kinds, streams, both clocks at their ends, payloads of any size.
func oddBatch(_ generator: inout SeededGenerator) -> EventBatch {
    var batch = EventBatch()
    for _ in 0..<Int.random(in: 1...40, using: &generator) {
        let isWild = Int.random(in: 0..<8, using: &generator) == 0
        let size = Int.random(in: 0...(isWild ? 200_000 : 90), using: &generator)
        let header = EventHeader(
            kind: EventKind(rawValue: .random(in: 0...(isWild ? .max : 9), using: &generator)),
            schemaVersion: .random(in: 0...1, using: &generator),
            stream: StreamID(rawValue: .random(in: 0...(isWild ? .max : 30), using: &generator)),
            wallTime: isWild ? .random(in: .min...(.max), using: &generator) : 1_000,
            monotonicTime: isWild ? .random(in: 0...(.max), using: &generator) : 5)
        batch.append(header, payload: generator.bytes(size))
    }
    return batch
}
