import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct OccupancyArchiveTests {
    private let seed = Seed(for: "OccupancyArchiveTests")

    /// What a fold over everything up to the last event at or before the instant says.
    private func folded(_ entries: [LogEntry], at instant: WallInstant) throws -> TrunkOccupancy {
        let last = entries.lastIndex { $0.wall <= instant }
        return try fold(TrunkOccupancy.self, entries.prefix((last ?? -1) + 1)).state
    }

    /// Clock steps of the generator make many instants come twice.
    @Test func everyInstantIsAnsweredAsByAFold() async throws {
        var random = seed.generator()
        let count = Int(OccupancyHistory.stride) * 5 / 2
        let entries = CallGenerator.entries(seed, count: count)
        try await withSavedLog(entries, saved: count * 2 / 3) { path, reader in
            let archive = try OccupancyArchive(ledger: path, reader: reader)
            #expect(try archive.newest.encoded == fold(TrunkOccupancy.self, entries).state.encoded)
            for _ in 0..<40 {
                let near = entries.randomElement(using: &random)?.wall ?? start
                let instant = near.advanced(by: Nanoseconds(.random(in: -1...1, using: &random)))
                let found = try archive.occupancy(at: instant).encoded
                #expect(try found == folded(entries, at: instant).encoded, "\(instant) \(seed)")
            }
            let early = start.advanced(by: .seconds(-60))
            #expect(try archive.occupancy(at: early).encoded == TrunkOccupancy().encoded)
        }
    }

    @Test func stepsOfAnyRangeAreThoseOfAFoldFromTheBeginning() async throws {
        var random = seed.generator()
        let count = Int(OccupancyHistory.stride) * 3 / 2
        let entries = CallGenerator.entries(seed, count: count)
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries, to: writer)
            let archive = try OccupancyArchive(ledger: path, reader: writer.reader)
            for _ in 0..<20 {
                let ends = (0..<2).map { _ in entries.randomElement(using: &random)?.wall ?? start }
                let (from, to) = (ends.min() ?? start, ends.max() ?? start)
                let reader = writer.reader
                let before = try InstantLookup.lastPosition(notAfter: from, in: reader)
                let last = try InstantLookup.lastPosition(notAfter: to, in: reader)
                var steps = OccupancySteps(after: min(before, last), from: from)
                for entry in entries where entry.position <= last { steps.apply(entry) }
                steps.finish()
                let found = try archive.steps(from: from, to: to, trunk: nil)
                #expect(found == steps.readings, "\(from) \(to) \(seed)")
            }
        }
    }

    /// At a mark, on either side of it, at the ends.
    @Test func marksAreNoSeams() async throws {
        let stride = OccupancyHistory.stride
        let entries = CallGenerator.entries(seed, count: Int(stride) + 20)
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries, to: writer)
            let archive = try OccupancyArchive(ledger: path, reader: writer.reader)
            let positions: [UInt64] = [0, 1, stride - 1, stride, stride + 1, UInt64(entries.count)]
            for position in positions {
                let found = try archive.occupancy(after: Position(rawValue: position))
                let expected = try fold(TrunkOccupancy.self, entries.prefix(Int(position))).state
                #expect(found.encoded == expected.encoded, "\(position) \(seed)")
            }
        }
    }

    @Test func anEmptyLedgerHoldsNothing() throws {
        try withTemporaryDirectory { directory in
            let writer = try LedgerWriter.open(directory + "/ledger", options: testOptions)
            defer { writer.close() }
            let archive = try OccupancyArchive(ledger: directory + "/ledger", reader: writer.reader)
            #expect(try archive.occupancy(at: start).encoded == TrunkOccupancy().encoded)
        }
    }
}
