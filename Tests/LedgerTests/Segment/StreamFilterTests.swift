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
        for stream in streams {
            #expect(try StreamFilter.mayContain(stream, filter.span.bytes))
        }
        var inVain = 0
        for stream in UInt64(0)..<10_000
        where try StreamFilter.mayContain(stream, filter.span.bytes) { inVain += 1 }
        #expect(inVain < 300, "\(seed)")
    }

    @Test func aDamagedLineIsNamed() throws {
        var filter = StreamFilter.make([7])
        filter[20] ^= 4
        #expect(throws: Corruption.segment(.filter)) {
            try StreamFilter.mayContain(7, filter.span.bytes)
        }
    }
}
