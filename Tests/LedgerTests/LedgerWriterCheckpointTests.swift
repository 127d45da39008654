import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerWriterCheckpointTests {
    @Test func theRootIsThatOfAllEvents() throws {
        let seed = Seed(for: "theRootIsThatOfAllEvents")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let key = try writer.signingKey()
            var naive = MerkleRange()
            for round in 0..<30 {
                for _ in 0..<Int.random(in: 0...60, using: &generator) {
                    try writer.appendAndWait(randomBatch(&generator))
                }
                let head = try writer.checkpoint(with: key)
                try writer.reader.read(from: Position(rawValue: naive.end + 1)) { event in
                    naive.append(leaf: EventLeaf(event).hash)
                    return .next
                }
                #expect(head.checkpoint.size == writer.head.position.rawValue)
                #expect(head.checkpoint.root == naive.root, "round \(round), \(seed)")
                #expect(key.verifier.verdict(on: head.note) == .valid)
                #expect(try writer.reader.newestCheckpoint() == head)
            }
            let report = try writer.reader.verify()
            #expect(report.faults == [], "\(seed)")
            #expect(report.root == naive.root)
            #expect(report.checkpoints > 1)
        }
    }

    @Test func whatIsStoredIsReadAgainBeforeItIsSigned() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let writer = try LedgerWriter.open(ledger)
            let payload = Array("a payload to be found in the file".utf8)
            try writer.appendAndWait(batch(5))
            try writer.appendAndWait(batch(1, payload: payload))
            try flip(payload, in: "\(ledger)/log/data.mdb")
            let key = try writer.signingKey()
            let code = refusal { _ = try writer.checkpoint(with: key) }
            #expect(code == .corrupt(position: Position(rawValue: 1), .payloadChecksum))
            #expect(try writer.reader.newestCheckpoint() == nil)
        }
    }

    @Test func theKeyIsMadeOnceAndIsPrivate() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let writer = try LedgerWriter.open(ledger)
            let key = try writer.signingKey()
            #expect(key.verifier.name == "trunkledger/\(writer.reader.ledger)")
            #expect(try writer.signingKey().verifier == key.verifier)
            let mode = try FileManager.default.attributesOfItem(atPath: "\(ledger)/key")
            #expect(mode[.posixPermissions] as? Int == 0o600)
            #expect(try writer.reader.verifierKeys() == [])
            _ = try writer.checkpoint(with: key)
            #expect(try writer.reader.verifierKeys() == [key.verifier])
            #expect(chmod("\(ledger)/key", 0o640) == 0)
            #expect(refusal { _ = try writer.signingKey() } == .unusableKey)
            #expect(chmod("\(ledger)/key", 0o600) == 0)
            try Data("PRIVATE+KEY+x".utf8).write(to: URL(fileURLWithPath: "\(ledger)/key"))
            #expect(refusal { _ = try writer.signingKey() } == .unusableKey)
        }
    }

    @Test func anotherLedgersKeyIsRefused() throws {
        try withTemporaryDirectory { path in
            let one = try LedgerWriter.open("\(path)/one")
            let other = try LedgerWriter.open("\(path)/other")
            _ = try one.signingKey(at: "\(path)/key")
            #expect(refusal { _ = try other.signingKey(at: "\(path)/key") } == .unusableKey)
        }
    }

    @Test func aNewKeySignsTheSameTree() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let first = try writer.signingKey(at: "\(path)/first")
            let second = try writer.signingKey(at: "\(path)/second")
            try writer.appendAndWait(batch(300))
            _ = try writer.checkpoint(with: first)
            try writer.appendAndWait(batch(300))
            let head = try writer.checkpoint(with: second)
            #expect(second.verifier.verdict(on: head.note) == .valid)
            #expect(try writer.reader.verifierKeys() == [first.verifier, second.verifier])
            #expect(try writer.reader.verify().isSound)
        }
    }

    @Test func aCheckpointWithoutNewsIsTheOldOne() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let key = try writer.signingKey()
            let empty = try writer.checkpoint(with: key)
            #expect(empty.checkpoint.size == 0)
            #expect(empty.checkpoint.root == .empty)
            try writer.appendAndWait(batch(3))
            let head = try writer.checkpoint(with: key)
            #expect(try writer.checkpoint(with: key) == head)
            // What a crash kept from being written beside the log is written then.
            try FileManager.default.removeItem(atPath: "\(path)/ledger/checkpoint")
            #expect(try writer.checkpoint(with: key) == head)
            #expect(try CheckpointMirror(path: "\(path)/ledger/checkpoint").load() == head)
        }
    }

    @Test func nothingIsSignedThatContradictsAnOlderSignature() throws {
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let file = URL(fileURLWithPath: "\(ledger)/log/data.mdb")
            var writer: LedgerWriter? = try LedgerWriter.open(ledger)
            try writer?.appendAndWait(batch(3))
            writer = nil
            let earlier = try Data(contentsOf: file)
            writer = try LedgerWriter.open(ledger)
            let key = try #require(try writer?.signingKey())
            try writer?.appendAndWait(batch(2))
            let head = try #require(try writer?.checkpoint(with: key))
            writer = nil
            // Rolled back, and `head` with it, so that it can be written at all.
            try earlier.write(to: file)
            try FileManager.default.removeItem(atPath: "\(ledger)/head")
            writer = try LedgerWriter.open(ledger)
            #expect(
                refusal { _ = try writer?.checkpoint(with: key) }
                    == .corrupt(position: .zero, .checkpoint(size: 5, .beyond)))
            try writer?.appendAndWait(batch(9, payload: [9]))
            #expect(
                refusal { _ = try writer?.checkpoint(with: key) }
                    == .corrupt(position: Position(rawValue: 1), .checkpoint(size: 5, .root)))
            let report = try #require(try writer?.reader.verify())
            let causes = report.faults.map(\.cause)
            #expect(causes.contains(.checkpoint(size: 5, .root)))
            #expect(causes.contains(.checkpoint(size: 5, .unrecorded)))
            #expect(report.faults.allSatisfy { $0.position == head.checkpoint.position })
        }
    }

    @Test func checkpointsAreMadeWhileEventsAreAppended() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let key = try writer.signingKey()
            try writer.appendAndWait(batch(1))
            for round in 0..<40 {
                for _ in 0..<20 { writer.append(batch(7 + round)) { _ in } }
                _ = try writer.checkpoint(with: key)
            }
            writer.close()
            let report = try writer.reader.verify()
            #expect(report.isSound, "\(report.faults)")
            #expect(report.checkpoints > 10)
        }
    }
}

/// Flips a bit of the first place where a file holds `bytes`.
private func flip(_ bytes: [UInt8], in path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let range = try #require(data.range(of: Data(bytes)))
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.seek(toOffset: UInt64(range.lowerBound))
    try handle.write(contentsOf: Data([bytes[0] ^ 1]))
    try handle.close()
}
