import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerReaderProofsTests {
    /// A ledger of `count` events in frames of random sizes, with a checkpoint at its end.
    private func makeLedger(
        _ path: String, _ count: Int, _ generator: inout SeededGenerator
    ) throws -> (writer: LedgerWriter, key: SigningKey) {
        let writer = try LedgerWriter.open(path)
        let key = try writer.signingKey()
        try append(count, to: writer, &generator)
        _ = try writer.checkpoint(with: key)
        return (writer, key)
    }

    private func append(
        _ count: Int, to writer: LedgerWriter, _ generator: inout SeededGenerator
    ) throws {
        var rest = count
        while rest > 0 {
            let size = min(rest, Int.random(in: 1...900, using: &generator))
            try writer.appendAndWait(batch(size, payload: generator.bytes(3)))
            rest -= size
        }
    }

    @Test(arguments: [1, 2, 255, 256, 257, 1_000, 66_000])
    func everyEventIsProvedOffline(count: Int) throws {
        let seed = Seed(for: "everyEventIsProvedOffline \(count)")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let (writer, key) = try makeLedger("\(path)/ledger", count, &generator)
            let reader = writer.reader
            let ends = [1, count, min(count, 256), (count + 1) / 2]
            let random = (0..<40).map { _ in Int.random(in: 1...count, using: &generator) }
            for number in ends + random {
                let position = Position(rawValue: UInt64(number))
                let file = try reader.proof(of: position).encoded
                let proof = try #require(TlogProof(parsing: file))
                #expect(proof.verdict(trusting: key.verifier) == .proves, "\(number), \(seed)")
                #expect(proof.index == UInt64(number - 1))
                let leaf = try #require(EventLeaf(content: proof.leaf ?? []))
                let event = try #require(try reader.all(from: position, through: position).first)
                #expect(leaf.header == event.header)
                #expect(leaf.bootID == event.bootID)
                #expect(leaf.payload == event.payload)
            }
        }
    }

    @Test func proofsOfSeveralEventsShareTheirCheckpoint() throws {
        var generator = Seed(for: "proofsOfSeveralEventsShareTheirCheckpoint").generator()
        try withTemporaryDirectory { path in
            let (writer, key) = try makeLedger("\(path)/ledger", 600, &generator)
            try writer.appendAndWait(batch(1))
            let positions = [9, 1, 600].map { Position(rawValue: $0) }
            let proofs = try writer.reader.proofs(of: positions)
            #expect(proofs.map(\.index) == [8, 0, 599])
            #expect(Set(proofs.map(\.head)).count == 1)
            #expect(proofs.allSatisfy { $0.verdict(trusting: key.verifier) == .proves })
            #expect(try writer.reader.proofs(of: []).isEmpty)
            let beyond = positions + [Position(rawValue: 601)]
            #expect(refusal { _ = try writer.reader.proofs(of: beyond) } == .notCheckpointed)
        }
    }

    @Test func whatIsNotSignedYetIsNotProved() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.appendAndWait(batch(3))
            let reader = writer.reader
            #expect(refusal { _ = try reader.proof(of: .first) } == .notCheckpointed)
            #expect(refusal { _ = try reader.continuation(from: 1) } == .notCheckpointed)
            _ = try writer.checkpoint(with: writer.signingKey())
            try writer.appendAndWait(batch(1))
            #expect(try reader.proof(of: Position(rawValue: 3)).index == 2)
            for position in [0, 4, 5, UInt64.max] {
                #expect(
                    refusal { _ = try reader.proof(of: Position(rawValue: position)) }
                        == .notCheckpointed)
            }
            #expect(refusal { _ = try reader.continuation(from: 4) } == .notCheckpointed)
        }
    }

    @Test func everyCheckpointContinuesEveryOlderOne() throws {
        let seed = Seed(for: "everyCheckpointContinuesEveryOlderOne")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let (writer, key) = try makeLedger("\(path)/ledger", 40, &generator)
            var heads = [try #require(try writer.reader.newestCheckpoint())]
            for _ in 0..<8 {
                let count = Int.random(in: 1...9_000, using: &generator)
                try append(count, to: writer, &generator)
                heads.append(try writer.checkpoint(with: key))
                for old in heads {
                    let file = try writer.reader.continuation(from: old.checkpoint.size).encoded
                    let proof = try #require(ContinuationProof(parsing: file))
                    #expect(proof.head == heads.last)
                    #expect(proof.verdict(trusting: key.verifier, old: old) == .proves, "\(seed)")
                }
            }
            let (first, last) = (heads[0], heads[8])
            let proof = try writer.reader.continuation(from: first.checkpoint.size)
            #expect(proof.verdict(trusting: key.verifier, old: last) == .otherSize)
            let stranger = SigningKey.random(name: key.verifier.name)
            #expect(proof.verdict(trusting: stranger.verifier, old: first) == .unsigned)
            let forged = try #require(
                SignedCheckpoint(
                    Checkpoint(
                        origin: key.verifier.name, size: first.checkpoint.size, root: .empty),
                    signedBy: key))
            #expect(proof.verdict(trusting: key.verifier, old: forged) == .notContinued)
        }
    }

    @Test func noChangedContinuationProves() throws {
        let seed = Seed(for: "noChangedContinuationProves")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let (writer, key) = try makeLedger("\(path)/ledger", 300, &generator)
            let old = try #require(try writer.reader.newestCheckpoint())
            try append(500, to: writer, &generator)
            _ = try writer.checkpoint(with: key)
            let file = try writer.reader.continuation(from: 300).encoded
            for place in file.indices {
                var changed = file
                changed[place] ^= 1
                guard let proof = ContinuationProof(parsing: changed) else { continue }
                #expect(
                    proof.verdict(trusting: key.verifier, old: old) != .proves,
                    "character \(place), \(seed)")
            }
        }
    }
}
