import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct LedgerProjectionsTests {
    private let seed = Seed(for: "LedgerProjectionsTests")

    private func open(
        _ path: String, _ mode: LedgerProjections.Mode
    ) throws -> LedgerProjections {
        try LedgerProjections(ledger: path, reader: LedgerReader.open(path), mode: mode)
    }

    @Test func ownerSavesAndReadersFoldTheTail() async throws {
        let entries = CallGenerator.entries(seed, count: 500)
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries[..<300], to: writer)
            var owner = try LedgerProjections(
                ledger: path, reader: writer.reader, mode: .owner)
            try owner.save()
            #expect(owner.head.position.rawValue == 300)
            try await append(entries[300...], to: writer)
            var reader = try open(path, .reader)
            try reader.catchUp()
            #expect(reader.head.position.rawValue == 500 && reader.faults.isEmpty)
            try owner.catchUp()
            let occupancy = try fold(TrunkOccupancy.self, entries).state
            #expect(reader.occupancy.encoded == occupancy.encoded, "\(seed)")
            #expect(owner.occupancy.encoded == occupancy.encoded, "\(seed)")
            #expect(owner.uptime.encoded == reader.uptime.encoded)
            #expect(owner.records.encoded == reader.records.encoded)
            var count: UInt64 = 0
            var middle: CDRRow?
            try reader.forEachRecord { row in
                count += 1
                if count == 5 { middle = row }
                return .next
            }
            #expect(count == reader.records.closedCount)
            let row = try #require(middle)
            #expect(try reader.record(try #require(CDRID(row.id))) == row)
            #expect(try reader.record(try #require(CDRID("pbx1-999999"))) == nil)
        }
    }

    @Test func rebuildChangesNoByte() async throws {
        let entries = CallGenerator.entries(seed, count: 400)
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries, to: writer)
            var owner = try LedgerProjections(
                ledger: path, reader: writer.reader, mode: .owner)
            try owner.save()
            for mode in [LedgerProjections.Mode.reader, .owner, .owner] {
                let reports = try LedgerProjections.rebuild(
                    ledger: path, reader: writer.reader, mode: mode)
                #expect(reports.count == 7)
                for report in reports {
                    #expect(report.isUnchanged && report.events == 400, "\(report) \(seed)")
                    #expect(report.digestBefore != nil)
                }
            }
        }
    }

    @Test func aLedgerPutInThePlaceOfAnotherIsFoldedAnew() async throws {
        let entries = CallGenerator.entries(seed, count: 200)
        try await withTemporaryDirectory { directory in
            for (path, count) in [(directory + "/a", 200), (directory + "/b", 200)] {
                let writer = try LedgerWriter.open(path, options: testOptions)
                try await append(entries[..<count], to: writer)
                var owner = try LedgerProjections(
                    ledger: path, reader: writer.reader, mode: .owner)
                try owner.save()
                writer.close()
            }
            let reader = try LedgerReader.open(directory + "/b")
            let head = try reader.head()
            let store = try StateStore.open(directory + "/a/projections/occupancy-history-1")
            let runner = try ProjectionRunner<OccupancyHistory>(
                store: store, head: head,
                linkAt: { (position) throws(LedgerError) in try reader.link(at: position) })
            #expect(!runner.isResumed)
        }
    }

    @Test func anUnreadableEventStopsTheFoldsThere() async throws {
        let entries = CallGenerator.entries(seed, count: 20)
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries, to: writer)
            var batch = EventBatch()
            let header = EventHeader(
                kind: EventKind(rawValue: 9_999), schemaVersion: 1,
                stream: StreamID(rawValue: 0), wallTime: 0, monotonicTime: 0)
            batch.append(header, payload: [1, 2, 3])
            _ = try await writer.append(batch)
            var owner = try LedgerProjections(
                ledger: path, reader: writer.reader, mode: .owner)
            try owner.save()
            #expect(owner.faults.count == 7)
            #expect(owner.faults.allSatisfy { $0.fault.position.rawValue == 21 })
            #expect(owner.faults.first?.fault.cause.contains("9999") == true)
            #expect(throws: StoppedProjection.self) {
                try owner.export(.csv, to: directory + "/out")
            }
        }
    }

    @Test func exportsOfALiveLedger() async throws {
        let entries = CallGenerator.entries(seed, count: 300)
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries, to: writer)
            var owner = try LedgerProjections(
                ledger: path, reader: writer.reader, mode: .owner)
            let first = try owner.export(.csv, to: directory + "/out")
            #expect(first.firstPosition == 1 && first.lastPosition == 300)
            #expect(UInt64(first.rowCount) == owner.records.closedCount)
            let fact = LogEntry(
                position: Position(rawValue: 301),
                moment: Moment(wall: after(0), monotonic: MonotonicInstant(nanoseconds: 0)),
                boot: BootID(high: 0, low: 0), event: .exportClosed(first.closed))
            try await append([fact], to: writer)
            let second = try owner.export(.csv, to: directory + "/out")
            #expect(second.sequence == 2 && second.rowCount == 0)
            #expect(second.firstPosition == 301 && second.lastPosition == 301)
            #expect(second.previousSHA256 == first.sha256)
        }
    }

    @Test func instantsAreFoundInTheLog() async throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.add(1_000, .heartbeat(Heartbeat(openCalls: 0)))
        log.wallOffset = -600
        log.add(1_100, .heartbeat(Heartbeat(openCalls: 0)))
        log.add(2_600, .heartbeat(Heartbeat(openCalls: 0)))
        let entries = log.entries
        try await withTemporaryDirectory { directory in
            let path = directory + "/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(entries, to: writer)
            let find = { (milliseconds: Int64) in
                try InstantLookup.lastPosition(
                    notAfter: after(milliseconds), in: writer.reader
                ).rawValue
            }
            #expect(try find(-1) == 0)
            #expect(try find(100) == 1)
            #expect(try find(700) == 3)
            #expect(try find(1_000) == 3)
            #expect(try find(9_000) == 4)
        }
    }
}
