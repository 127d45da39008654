import Foundation
import TestSupport
import Testing

@testable import Ledger

/// Verification in several stretches: each by a thread of its own, put together in order.
@Suite struct StretchTests {
    /// A ledger of 200 frames of 1,000 events, with checkpoints.
    private func makeLedger(_ path: String) throws -> (writer: LedgerWriter, key: SigningKey) {
        let writer = try LedgerWriter.open(path)
        let key = try writer.signingKey()
        for frame in 0..<200 {
            try writer.appendAndWait(batch(1_000, payload: [UInt8(frame)]))
            if frame % 60 == 59 { _ = try writer.checkpoint(with: key) }
        }
        return (writer, key)
    }

    @Test func theLogIsCutAtFrames() throws {
        try withTemporaryDirectory { path in
            let (writer, _) = try makeLedger("\(path)/ledger")
            let stretches = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                Stretch.all(snapshot, from: .first)
            }
            #expect(stretches.map(\.first.rawValue) == [1, 65_001, 130_001, 195_001])
            #expect(stretches.map(\.end?.rawValue) == [65_001, 130_001, 195_001, nil])
            var progress: [UInt64] = []
            let report = try writer.reader.verify { progress.append($0.position.rawValue) }
            #expect(report.isSound, "\(report.faults)")
            #expect(progress == [65_000, 130_000, 195_000, 200_000])
            #expect(report.events == 200_000)
            #expect(report.frames == 200)
            #expect(report.checkpoints == 3)
            var naive = MerkleRange()
            try writer.reader.read { event in
                naive.append(leaf: EventLeaf(event).hash)
                return .next
            }
            #expect(report.root == naive.root)
        }
    }

    @Test func sinceACheckpointOnlyTheRestIsRead() throws {
        try withTemporaryDirectory { path in
            let (writer, key) = try makeLedger("\(path)/ledger")
            let whole = try writer.reader.verify()
            let report = try writer.reader.verify(.sinceCheckpoint)
            #expect(report.isSound, "\(report.faults)")
            #expect(report.start == Position(rawValue: 180_000))
            #expect(report.events == 20_000)
            #expect(report.root == whole.root)
            #expect(report.head == whole.head)
            // Nobody's key: no checkpoint is believed, and each is named.
            let stranger = SigningKey.random(name: key.verifier.name).verifier
            let doubted = try writer.reader.verify(.sinceCheckpoint, trusting: [stranger])
            #expect(doubted.start == .zero)
            let sizes = [60_000, 120_000, 180_000] as [UInt64]
            #expect(
                doubted.faults
                    == sizes.map {
                        VerifyFault(
                            position: Position(rawValue: $0),
                            cause: .checkpoint(size: $0, .unsigned))
                    })
        }
    }

    @Test func damageInAnyStretchIsNamedOnce() throws {
        let seed = Seed(for: "damageInAnyStretchIsNamedOnce")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let (writer, _) = try makeLedger(ledger)
            let sound = try writer.reader.verify()
            let file = try #require(FileHandle(forUpdatingAtPath: "\(ledger)/log/data.mdb"))
            let data = try #require(try file.readToEnd())
            for _ in 0..<20 {
                let frame = Int.random(in: 0..<200, using: &generator)
                let payloads = Data((0..<40).flatMap { [UInt8(frame), UInt8($0)] })
                let place = try #require(data.range(of: payloads)).lowerBound + 20
                try file.seek(toOffset: UInt64(place))
                try file.write(contentsOf: Data([data[place] ^ 0x40]))
                let report = try writer.reader.verify()
                let fault = VerifyFault(
                    position: Position(rawValue: UInt64(1_000 * frame + 1)),
                    cause: .payloadChecksum)
                #expect(report.faults == [fault], "\(seed)")
                #expect(report.root == nil)
                try file.seek(toOffset: UInt64(place))
                try file.write(contentsOf: Data([data[place]]))
            }
            #expect(try writer.reader.verify() == sound)
        }
    }

    @Test func everythingThatWasSignedIsHeldAgainstTheEvents() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let (writer, key) = try makeLedger(ledger)
            let reader = writer.reader
            // A kept checkpoint of another history.
            let other = try #require(
                SignedCheckpoint(
                    Checkpoint(origin: key.verifier.name, size: 70_123, root: .empty),
                    signedBy: key))
            let later = try #require(
                SignedCheckpoint(
                    Checkpoint(origin: key.verifier.name, size: 200_001, root: .empty),
                    signedBy: key))
            let foreign = try #require(
                SignedCheckpoint(
                    Checkpoint(origin: "elsewhere", size: 3, root: .empty), signedBy: key))
            let report = try reader.verify(against: [later, other, foreign])
            #expect(
                report.faults.map(\.cause) == [
                    .checkpoint(size: 3, .foreign), .checkpoint(size: 70_123, .root),
                    .checkpoint(size: 200_001, .beyond),
                ])
            // Tiles that do not fit: changed, missing, and one too many.
            try writer.jobs.performAndWait(byteCount: 9_000) { transaction throws(DatabaseError) in
                let tiles = try transaction.open(LedgerFormat.tilesName)
                let changed = MerkleTile(
                    place: MerkleTile.Place(level: 1, index: 1),
                    hashes: Array(repeating: .empty, count: 256))
                let extra = MerkleTile(
                    place: MerkleTile.Place(level: 3, index: 0), hashes: [.empty])
                for tile in [changed, extra] {
                    try transaction.put(tile.place.storedKey, tile.value, in: tiles)
                }
                try transaction.delete(
                    MerkleTile.Place(level: 1, index: 2).storedKey, from: tiles)
            }
            let causes = try reader.verify().faults.map(\.cause)
            #expect(
                causes == [
                    .tile(level: 3, index: 0), .tile(level: 1, index: 1),
                    .tile(level: 1, index: 2),
                ])
        }
    }
}
