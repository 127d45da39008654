/// What a segment keeps of a frame, so that its link can be computed again from the leaf hashes.
struct FrameFacts: Hashable {
    var version: UInt16
    var count: Int
    var bootID: BootID
    var producer: UInt64
    var producerSequence: UInt64
    /// What a later frame version has beyond header, records and payloads, as it was.
    var rest: [UInt8] = []

    init(_ frame: FrameView) {
        version = FrameLayout.version
        count = frame.count
        bootID = frame.bootID
        producer = frame.producer
        producerSequence = frame.producerSequence
    }

    /// Follows `previous` in the same segment.
    init(
        _ reader: inout ByteReader, after previous: FrameFacts?
    ) throws(Corruption) {
        version = UInt16(try reader.count(atMost: Int(UInt16.max)))
        count = try reader.count(atMost: LedgerLimits.segmentEventsMax)
        if try reader.byte() == 1 {
            bootID = BootID(
                high: try reader.word().byteSwapped, low: try reader.word().byteSwapped)
        } else if let previous {
            bootID = previous.bootID
        } else {
            throw .segment(.frames)
        }
        producer = try reader.varint()
        let step = PackedColumn.unzigzag(try reader.varint())
        producerSequence = (previous?.producerSequence ?? 0) &+ UInt64(bitPattern: step)
        rest = try reader.take(reader.count(atMost: LedgerLimits.frameBytesMax)).array
    }

    func append(to bytes: inout [UInt8], after previous: FrameFacts?) {
        bytes.append(varint: UInt64(version))
        bytes.append(varint: UInt64(count))
        let isSameBoot = previous?.bootID == bootID
        bytes.append(isSameBoot ? 0 : 1)
        if !isSameBoot {
            bytes.append(bootID.high.byteSwapped, width: 8)
            bytes.append(bootID.low.byteSwapped, width: 8)
        }
        bytes.append(varint: producer)
        let step = Int64(bitPattern: producerSequence &- (previous?.producerSequence ?? 0))
        bytes.append(varint: PackedColumn.zigzag(step))
        bytes.append(varint: UInt64(rest.count))
        bytes += rest
    }

    static func encode(_ frames: [FrameFacts]) -> [UInt8] {
        var bytes: [UInt8] = []
        var previous: FrameFacts?
        for frame in frames {
            frame.append(to: &bytes, after: previous)
            previous = frame
        }
        return bytes
    }

    /// `frames` frames that hold `events` events in all.
    static func decode(
        _ bytes: RawSpan, frames: Int, events: Int
    ) throws(Corruption) -> [FrameFacts] {
        var reader = ByteReader(bytes, or: .frames)
        var decoded: [FrameFacts] = []
        var total = 0
        while !reader.isAtEnd {
            let facts = try FrameFacts(&reader, after: decoded.last)
            total += facts.count
            guard facts.count > 0, total <= events else { throw .segment(.frames) }
            decoded.append(facts)
        }
        guard decoded.count == frames, total == events else { throw .segment(.frames) }
        return decoded
    }
}
