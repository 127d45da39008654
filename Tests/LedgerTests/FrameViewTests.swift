import TestSupport
import Testing

@testable import Ledger

@Suite struct FrameViewTests {
    private static let boot = BootID(high: 1, low: 2)

    private func frame(_ batches: [EventBatch], stamps: [Int: ProducerStamp] = [:]) -> [UInt8] {
        let submissions = batches.enumerated().map { index, batch in
            Submission(
                batch: batch, hashes: BatchHashes(of: batch, bootID: Self.boot),
                conditions: AppendConditions(stamp: stamps[index]), reserve: false,
                completion: { _ in })
        }
        let encoder = FrameEncoder(
            submissions[...],
            at: FrameEncoder.Place(
                first: Position(rawValue: 11), previousLink: .origin(of: LedgerID(high: 3, low: 4)),
                bootID: Self.boot, producerSequence: 5))
        var bytes = [UInt8](repeating: 0, count: encoder.frameBytes)
        var room = bytes.mutableSpan
        var span = room.mutableBytes
        encoder.encode(submissions[...], into: &span)
        return bytes
    }

    /// Everything that a reader and `verify` do with a frame.
    private func decode(_ bytes: [UInt8]) throws(Corruption) -> [[UInt8]] {
        let view = try FrameView(bytes.span.bytes)
        try view.checkRecords()
        try view.checkPayloads()
        var hasher = LeafHasher(bootID: view.bootID)
        try view.checkLink(&hasher)
        var payloads: [[UInt8]] = []
        for index in 0..<view.count { payloads.append(try view.event(index).payload.array) }
        return payloads
    }

    @Test func aFrameHoldsItsBatchesInOrder() throws {
        let bytes = frame([batch(2), batch(1, payload: []), batch(3, payload: [9])])
        let view = try FrameView(bytes.span.bytes)
        #expect(view.first.rawValue == 11)
        #expect(view.last.rawValue == 16)
        #expect(view.bootID == Self.boot)
        #expect(view.producerSequence == 5)
        #expect(view.header(2) == header(0))
        #expect(
            try decode(bytes) == [[1, 2, 3, 0], [1, 2, 3, 1], [0], [9, 0], [9, 1], [9, 2]])
    }

    private static let stamp = ProducerStamp(producer: ProducerID(rawValue: 9), sequence: 4)

    @Test func aStampedFrameTellsItsStamps() throws {
        let bytes = frame([batch(2), batch(1, payload: []), batch(1)], stamps: [1: Self.stamp])
        let view = try FrameView(bytes.span.bytes)
        #expect(view.stampCount == 1)
        let found = try view.stamp(0)
        #expect(found.stamp == Self.stamp)
        #expect(found.first.rawValue == 13)
        #expect(view.header(3) == header(0))
        #expect(try decode(bytes) == [[1, 2, 3, 0], [1, 2, 3, 1], [0], [1, 2, 3, 0]])
        #expect(bytes.count == frame([batch(2), batch(1, payload: []), batch(1)]).count + 8 + 24)
    }

    @Test(arguments: [[:], [0: stamp]])
    func everyFlippedBitOfAFrameIsRefused(_ stamps: [Int: ProducerStamp]) throws {
        let sound = frame([batch(2)], stamps: stamps)
        for offset in sound.indices {
            for bit in 0..<8 {
                var bytes = sound
                bytes[offset] ^= 1 << bit
                #expect(throws: Corruption.self) { try decode(bytes) }
            }
        }
    }

    @Test func everyCutFrameIsRefused() throws {
        let sound = frame([batch(2)])
        for length in 0..<sound.count {
            #expect(throws: Corruption.self) { try decode(Array(sound[..<length])) }
        }
        #expect(throws: Corruption.frameOversized) { try decode(sound + [0]) }
    }

    @Test func randomBytesAreRefused() throws {
        let seed = Seed(for: "randomBytesAreRefused")
        var generator = seed.generator()
        let sound = frame([batch(3)])
        for _ in 0..<2_000 {
            var bytes = generator.bytes(Int.random(in: 0...400, using: &generator))
            // Half of them get past the first checks.
            if Bool.random(using: &generator) {
                let kept = Int.random(in: 8...64, using: &generator)
                bytes = Array(sound[..<kept]) + bytes
            }
            #expect(throws: Corruption.self, "\(seed)") { try decode(bytes) }
            _ = try? MetaPage.both(bytes.span.bytes)
        }
    }
}
