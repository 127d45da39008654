import TestSupport
import Testing

@testable import Ledger

@Suite struct StreamFilterTests {
    @Test func noStreamIsMissedAndFewAreFoundInVain() throws {
        let seed = Seed(for: "noStreamIsMissedAndFewAreFoundInVain", fallback: 5)
        var generator = seed.generator()
        let streams = (0..<6_500).map { _ in UInt64.random(in: 0...(.max), using: &generator) }
        let filter = StreamFilter.make(streams)
        #expect(filter.count <= 16_384)
        func mayContain(_ stream: UInt64) throws -> Bool {
            try StreamFilter.mayContain(StreamFilter.Probe(stream), filter.span.bytes)
        }
        for stream in streams { #expect(try mayContain(stream)) }
        var inVain = 0
        for stream in UInt64(0)..<10_000 where try mayContain(stream) { inVain += 1 }
        #expect(inVain < 300, "\(seed)")
    }

    @Test func aDamagedLineIsNamed() throws {
        var filter = StreamFilter.make([7])
        filter[20] ^= 4
        #expect(throws: Corruption.segment(.filter)) {
            try StreamFilter.mayContain(StreamFilter.Probe(7), filter.span.bytes)
        }
    }
}
