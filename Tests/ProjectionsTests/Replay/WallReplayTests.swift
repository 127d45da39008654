import Ledger
import Projections
import TestSupport
import Testing
import TrunkEvents

@Suite struct WallReplayTests {
    /// What the wall showed: seconds since ``start``, and the channels in use.
    private func frames(
        from: Int64, to: Int64, step: Int64
    ) async throws -> [(second: Int64, inUse: [UInt32])] {
        try await withTemporaryDirectory { directory in
            var log = LogBuilder()
            log.boot(at: 0)
            log.configure(alpha1, of: alpha)
            log.add(5_000, CallScript().started)
            log.add(5_000, CallScript().seized())
            log.add(8_000, CallScript(call: callID(2)).started)
            log.add(8_000, CallScript(call: callID(2)).seized(inUse: 2))
            log.add(20_000, CallScript().released(inUse: 1))
            let writer = try LedgerWriter.open("\(directory)/ledger", options: testOptions)
            defer { writer.close() }
            try await append(log.entries, to: writer)
            var seen: [(second: Int64, inUse: [UInt32])] = []
            var replay = WallReplay()
            try replay.play(
                writer.reader, from: after(from * 1_000), to: after(to * 1_000),
                step: .seconds(step)
            ) { frame in
                let second = start.duration(to: frame.at).milliseconds / 1_000
                seen.append((second, frame.lines.map(\.inUse)))
                return .next
            }
            return seen
        }
    }

    @Test func theWallMovesThroughTime() async throws {
        let frames = try await frames(from: 0, to: 22, step: 5)
        #expect(frames.map(\.second) == [0, 5, 10, 15, 20, 22])
        #expect(frames.map(\.inUse) == [[0], [1], [2], [2], [1], [1]])
    }

    @Test func itBeginsInTheMiddleAndOutlastsTheLog() async throws {
        let frames = try await frames(from: 9, to: 60, step: 30)
        #expect(frames.map(\.second) == [9, 39, 60])
        #expect(frames.map(\.inUse) == [[2], [1], [1]])
    }

    /// A replay that begins at a mark shows what one of the whole log shows, with and without
    /// trunks that only calls tell of, and behind what is saved.
    @Test func aMarkIsNoSeam() async throws {
        let seed = Seed(for: "WallReplayTests.aMarkIsNoSeam")
        var random = seed.generator()
        let count = Int(OccupancyHistory.stride) * 5 / 2
        let entries = CallGenerator.entries(seed, count: count)
        try await withSavedLog(entries, saved: count * 3 / 4) { path, reader in
            var isBegunAtMark = false
            for _ in 0..<20 {
                let from = entries.randomElement(using: &random)?.wall ?? start
                let to = from.advanced(by: .seconds(40))
                var whole = WallReplay()
                var marked = try WallReplay(ledger: path, reader: reader, from: from)
                isBegunAtMark = isBegunAtMark || marked.position > .zero
                let expected = try frames(&whole, reader, from: from, to: to)
                let shown = try frames(&marked, reader, from: from, to: to)
                #expect(shown == expected, "from \(from), \(seed)")
                #expect(marked.position == whole.position)
            }
            #expect(isBegunAtMark)
        }
    }

    private func frames(
        _ replay: inout WallReplay, _ reader: LedgerReader, from: WallInstant, to: WallInstant
    ) throws -> [WallReplay.Frame] {
        var frames: [WallReplay.Frame] = []
        try replay.play(reader, from: from, to: to, step: .seconds(10)) { frame in
            frames.append(frame)
            return .next
        }
        return frames
    }

    @Test func whoHasSeenEnoughStopsIt() throws {
        try withTemporaryDirectory { directory in
            let writer = try LedgerWriter.open("\(directory)/ledger", options: testOptions)
            defer { writer.close() }
            var count = 0
            var replay = WallReplay()
            try replay.play(writer.reader, from: start, to: after(60_000), step: .seconds(1)) { _ in
                count += 1
                return count < 3 ? .next : .stop
            }
            #expect(count == 3)
        }
    }
}
