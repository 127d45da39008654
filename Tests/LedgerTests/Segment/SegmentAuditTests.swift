import TestSupport
import Testing

@testable import Ledger

@Suite struct SegmentAuditTests {
    @Test func everyFlippedBitIsNamed() throws {
        let seed = Seed(for: "SegmentAudit.everyFlippedBitIsNamed")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<12 { try writer.appendAndWait(randomBatch(&generator)) }
            let sealed = try SealedCopy(writer)
            let pieces = [sealed.encoded.head] + sealed.encoded.pieces
            for _ in 0..<300 {
                let number = Int.random(in: pieces.indices, using: &generator)
                let offset = pieces[number].indices.randomElement(using: &generator) ?? 0
                var damaged = pieces
                damaged[number][offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                try sealed.store(damaged)
                #expect(
                    refusal { try sealed.audit() } != nil,
                    "piece \(number) byte \(offset), \(seed)")
            }
            try sealed.store(pieces)
            try sealed.audit()
        }
    }

    /// Damage with checksums that fit it: whatever is decoded, nothing outside is read.
    @Test func checksummedNonsenseIsRefusedOrDecoded() throws {
        let seed = Seed(for: "checksummedNonsenseIsRefusedOrDecoded")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<12 { try writer.appendAndWait(randomBatch(&generator)) }
            let sealed = try SealedCopy(writer)
            let count = Int(sealed.encoded.last.rawValue)
            var refused = 0
            for _ in 0..<600 {
                let damaged = forged(sealed.encoded, &generator)
                try sealed.store([damaged.head] + damaged.pieces)
                #expect(refusal { try sealed.audit() } != nil, "\(seed)")
                if refusal({ _ = try sealed.events(Array(0..<count)) }) != nil { refused += 1 }
            }
            #expect(refused > 0)
        }
    }

    /// A byte of a block changed, its entry's and the directory's checksum made to fit.
    private func forged(
        _ encoded: EncodedSegment, _ generator: inout SeededGenerator
    ) -> (head: [UInt8], pieces: [[UInt8]]) {
        var pieces = encoded.pieces
        var head = encoded.head
        let entry = Int.random(in: 0..<pieces[0].count / 32, using: &generator) * 32
        let entries = pieces[0]
        let directory = entries.span.bytes
        let piece = 1 + Int(directory.quarter(at: entry + 2))
        let start = Int(directory.half(at: entry + 4))
        let end = start + Int(directory.half(at: entry + 8))
        if Bool.random(using: &generator), end > start {
            let offset = Int.random(in: start..<min(end, start + 40), using: &generator)
            pieces[piece][offset] = UInt8.random(in: 0...255, using: &generator)
            store(checksum(pieces[piece][start..<end]), at: entry + 24, in: &pieces[0])
        } else {
            let offset = entry + Int.random(in: 0..<32, using: &generator)
            pieces[0][offset] = UInt8.random(in: 0...255, using: &generator)
        }
        store(checksum(pieces[0][...]), at: 112, in: &head)
        store(checksum(head[..<184]), at: 184, in: &head)
        // A change to what it was is none.
        return pieces == encoded.pieces ? forged(encoded, &generator) : (head, pieces)
    }

    private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        XXH64.hash(bytes.span.bytes)
    }

    private func store(_ sum: UInt64, at offset: Int, in bytes: inout [UInt8]) {
        for index in 0..<8 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index))
        }
    }
}
