import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerMetadataTests {
    /// A ledger as format 1 left it: two databases, and frames of version 1.
    private func makeFormat1(_ path: String) throws {
        let directory = LedgerDirectory(path: path)
        try directory.prepareForWriting()
        let metadata = LedgerMetadata(id: .random(), format: 1, created: 5)
        try NewEnvironment.create(directory.log, mapBytes: 1 << 30) {
            transaction throws(DatabaseError) in
            try metadata.store(in: transaction)
        }
        let lease = try EnvironmentLease(directory.log, access: .readWrite, mapBytes: 1 << 30)
        var link = Link.origin(of: metadata.id)
        var first = Position.first
        try lease.environment.write { transaction throws(DatabaseError) in
            let frames = try transaction.open(LedgerFormat.framesName)
            for (sequence, count) in [3, 1, 20].enumerated() {
                let batch = batch(count)
                let submission = Submission(
                    batch: batch, hashes: BatchHashes(of: batch, bootID: Self.boot),
                    reserve: false, completion: { _ in })
                let place = FrameEncoder.Place(
                    first: first, previousLink: link, bootID: Self.boot,
                    producerSequence: UInt64(sequence) + 1)
                let encoder = FrameEncoder([submission], at: place)
                let key = FrameLayout.key(first)
                try transaction.reserve(
                    key, byteCount: encoder.frameBytes, .atEnd, in: frames
                ) { encoder.encode([submission], into: &$0) }
                link = encoder.link
                first = encoder.last.next
            }
        }
    }

    private static let boot = BootID(high: 1, low: 2)

    private static var events: [Event] {
        get throws {
            try withTemporaryDirectory { path in
                let writer = try LedgerWriter.open("\(path)/ledger")
                for count in [3, 1, 20] { try writer.appendAndWait(batch(count)) }
                return try writer.reader.all().map { event in
                    var event = event
                    event.bootID = boot
                    return event
                }
            }
        }
    }

    private func names(_ reader: LedgerReader) throws -> [String] {
        try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            var cursor = PageCursor(snapshot.main)
            var names: [String] = []
            guard try cursor.seekFirst() else { return names }
            repeat {
                names.append(String(decoding: try cursor.key().array, as: UTF8.self))
            } while try cursor.advance()
            return names
        }
    }

    private func metadata(_ reader: LedgerReader) throws -> LedgerMetadata? {
        try reader.lease.environment.withSnapshot { snapshot throws(LedgerError) in
            try LedgerMetadata.load(snapshot, "")
        }
    }

    @Test func aReaderReadsFormat1AsItIs() throws {
        try withTemporaryDirectory { path in
            try makeFormat1("\(path)/ledger")
            let events = try Self.events
            let reader = try LedgerReader.open("\(path)/ledger")
            #expect(try names(reader) == ["frames", "meta"])
            #expect(try reader.all() == events)
            #expect(try reader.verify().isSound)
        }
    }

    @Test func aWriterUpgradesFormat1() throws {
        try withTemporaryDirectory { path in
            try makeFormat1("\(path)/ledger")
            let events = try Self.events
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(
                try names(writer.reader)
                    == ["checkpoints", "frames", "meta", "producers", "segments", "tiles"])
            let upgraded = LedgerMetadata(
                id: writer.reader.ledger, format: LedgerFormat.version, created: 5)
            #expect(try metadata(writer.reader) == upgraded)
            try writer.appendAndWait(batch(2))
            #expect(try Array(writer.reader.all().prefix(events.count)) == events)
            #expect(try writer.reader.verify().isSound)
        }
    }
}
