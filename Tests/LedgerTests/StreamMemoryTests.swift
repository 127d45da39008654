import TestSupport
import Testing

@testable import Ledger

@Suite struct StreamMemoryTests {
    /// Frames of 100 events, each frame of a stream of its own.
    private func log(_ path: String, frames: Int) throws -> LedgerWriter {
        let writer = try LedgerWriter.open(path)
        for stream in UInt64(1)...UInt64(frames) {
            try writer.appendAndWait(batch(100, stream: stream))
        }
        return writer
    }

    private func places(_ parts: StreamMemory.Parts) -> [ClosedRange<UInt64>] {
        parts.parts.map { $0.place.first.rawValue...$0.place.last.rawValue }
    }

    @Test(arguments: [EventQuery.Direction.forwards, .backwards])
    func framesGoneThroughAreRemembered(_ direction: EventQuery.Direction) throws {
        try withTemporaryDirectory { path in
            let reader = try log("\(path)/ledger", frames: 15).reader
            let query = EventQuery(streams: [StreamID(rawValue: 4)], direction: direction)
            let first = try reader.all(query)
            let places = try reader.memory.withFrames { self.places($0) }
            // Two groups of six frames, and neither has the log's last one.
            #expect(
                places == (direction == .forwards
                    ? [1...600, 601...1_200] : [201...800, 801...1_400]))
            #expect(try reader.all(query) == first)
            #expect(first.count == 100)
            #expect(try reader.memory.withFrames { self.places($0) } == places)
        }
    }

    @Test func segmentsTakeThePlaceOfFrames() throws {
        try withTemporaryDirectory { path in
            let writer = try log("\(path)/ledger", frames: 15)
            let query = EventQuery(streams: [StreamID(rawValue: 4), StreamID(rawValue: 15)])
            let before = try writer.reader.all(query)
            try writer.seal(through: Position(rawValue: 700))
            try writer.seal(through: Position(rawValue: 1_300))
            for _ in 0..<2 { #expect(try writer.reader.all(query) == before) }
            let sealed = try writer.reader.memory.withSealed { places($0) }
            #expect(sealed == [1...700, 701...1_300])
            #expect(try writer.reader.memory.withFrames { $0.byteCount } == 0)
        }
    }

    /// What is remembered says nothing of events that were appended since.
    @Test func whatCameSinceIsFound() throws {
        try withTemporaryDirectory { path in
            let writer = try log("\(path)/ledger", frames: 12)
            #expect(try writer.reader.all(EventQuery(streams: [StreamID(rawValue: 99)])) == [])
            try writer.appendAndWait(batch(3, stream: 99))
            let found = try writer.reader.all(EventQuery(streams: [StreamID(rawValue: 99)]))
            #expect(found.map(\.position.rawValue) == [1_201, 1_202, 1_203])
        }
    }

    @Test func partsThatOverlapAreNotAdded() throws {
        let link = Link.origin(of: LedgerID(high: 1, low: 1))
        var parts = StreamMemory.Parts()
        let overlapping: [ClosedRange<UInt64>] = [15...22, 1...10, 39...50, 5...60]
        for range in [10...19, 30...39, 20...29] + overlapping + [1...9] {
            let place = ChainedSpan(
                first: Position(rawValue: range.lowerBound),
                last: Position(rawValue: range.upperBound), previousLink: link, link: link)
            parts.add(place, filter: StreamFilter.make([range.lowerBound]))
        }
        #expect(places(parts) == [1...9, 10...19, 20...29, 30...39])
        #expect(parts.index(holding: Position(rawValue: 9)) == 0)
        #expect(parts.index(holding: Position(rawValue: 30)) == 3)
        #expect(parts.index(holding: Position(rawValue: 40)) == nil)
        parts.removeAll(endingBefore: Position(rawValue: 29))
        #expect(places(parts) == [20...29, 30...39])
        #expect(parts.byteCount == 2 * StreamFilter.lineBytes)
        let query = EventFilter(EventQuery(streams: [StreamID(rawValue: 30)]))
        #expect(parts.isFree(0, of: query) && !parts.isFree(1, of: query))
    }

    @Test func aDamagedFilterIsNotRemembered() throws {
        let memory = StreamMemory()
        var filter = StreamFilter.make(Array(0..<200))
        filter[StreamFilter.lineBytes + 3] ^= 1
        let link = Link.origin(of: LedgerID(high: 1, low: 1))
        let place = ChainedSpan(first: .first, last: .first, previousLink: link, link: link)
        memory.remember(segment: place, filter: filter.span.bytes)
        #expect(try memory.withSealed { $0.byteCount } == 0)
    }
}
