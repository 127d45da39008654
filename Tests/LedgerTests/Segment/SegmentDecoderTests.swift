import TestSupport
import Testing

@testable import Ledger

@Suite struct SegmentDecoderTests {
    @Test func whatIsSealedIsDecoded() throws {
        let seed = Seed(for: "whatIsSealedIsDecoded")
        var generator = seed.generator()
        for _ in 0..<6 {
            try withTemporaryDirectory { path in
                let writer = try LedgerWriter.open("\(path)/ledger")
                for _ in 0..<Int.random(in: 1...30, using: &generator) {
                    try writer.appendAndWait(oddBatch(&generator))
                }
                let sealed = try SealedCopy(writer)
                let events = try writer.reader.all()
                #expect(try sealed.events(Array(events.indices)) == events, "\(seed)")
                #expect(try sealed.events(events.indices.reversed()) == events.reversed())
                let shuffled = events.indices.shuffled(using: &generator)
                #expect(try sealed.events(shuffled) == shuffled.map { events[$0] }, "\(seed)")
                try sealed.audit()
            }
        }
    }

    /// More stripes than one, from many frames over two boots.
    @Test func manyEventsAreDecoded() throws {
        try withTemporaryDirectory { path in
            try LedgerWriter.open("\(path)/ledger").appendAndWait(batch(100))
            let writer = try LedgerWriter.open("\(path)/ledger")
            for stream in UInt64(0)..<50 { try writer.appendAndWait(batch(100, stream: stream)) }
            let sealed = try SealedCopy(writer)
            let events = try writer.reader.all()
            #expect(try sealed.events(Array(events.indices)) == events)
            try sealed.audit()
        }
    }
}
