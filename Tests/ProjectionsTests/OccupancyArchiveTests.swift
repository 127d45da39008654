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
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries.prefix(count * 2 / 3), to: writer)
            var owner = try LedgerProjections(ledger: path, reader: writer.reader, mode: .owner)
            try owner.save()
            try await append(entries.dropFirst(count * 2 / 3), to: writer)
            let archive = try OccupancyArchive(ledger: path, reader: writer.reader)
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
