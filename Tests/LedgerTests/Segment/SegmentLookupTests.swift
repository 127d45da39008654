import TestSupport
import Testing

@testable import Ledger

@Suite struct SegmentLookupTests {
    @Test func listsEqualANaiveScan() throws {
        let seed = Seed(for: "SegmentLookup.listsEqualANaiveScan")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<40 { try writer.appendAndWait(oddBatch(&generator)) }
            let sealed = try SealedCopy(writer)
            let headers = try writer.reader.all().map(\.header)
            let absent = (0..<50).map { _ in UInt64.random(in: 0...(.max), using: &generator) }
            let streams = headers.map(\.stream) + absent.map { StreamID(rawValue: $0) }
            for stream in Set(streams) {
                let expected = headers.indices.filter { headers[$0].stream == stream }
                let found = try sealed.read { segment throws(Corruption) in
                    try segment.indices(ofStreams: [stream.rawValue])
                }
                #expect(found.map(Int.init) == expected, "\(seed)")
            }
            for kind in Set(headers.map(\.kind) + [EventKind(rawValue: 700)]) {
                let expected = headers.indices.filter { headers[$0].kind == kind }
                let found = try sealed.read { segment throws(Corruption) in
                    try segment.indices(ofKinds: [kind.rawValue])
                }
                #expect(found.map(Int.init) == expected, "\(seed)")
            }
            let some = Set(headers.prefix(5).map(\.stream.rawValue) + absent.prefix(3)).sorted()
            let found = try sealed.read { segment throws(Corruption) in
                try segment.indices(ofStreams: some)
            }
            let expected = headers.indices.filter { some.contains(headers[$0].stream.rawValue) }
            #expect(found.map(Int.init) == expected, "\(seed)")
        }
    }
}
