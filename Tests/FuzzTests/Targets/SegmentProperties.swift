@testable import Ledger

/// Sealed segments, in the file of an archive: whatever the bytes are, they are decoded or refused.
/// What the audit passes can be decoded to the last event.
enum SegmentProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        for bytes in [input, SegmentRepair.repaired(input)] { try checkFile(bytes) }
    }

    private static func checkFile(_ bytes: [UInt8]) throws(BrokenProperty) {
        guard let file = try? SegmentFile(bytes.span.bytes), let segment = try? file.open() else {
            return
        }
        _ = SegmentDamage(segment)
        var audit = SegmentAudit()
        let isSound = (try? audit.check(segment, after: nil)) != nil
        let decoded = (try? decode(segment)) != nil
        try hold(decoded || !isSound, "what the audit passes can be decoded")
    }

    private static func decode(_ segment: SegmentView) throws(Corruption) {
        var decoder = try SegmentDecoder(segment)
        let count = segment.header.count
        // Backwards too: blocks and stripes are kept, and opened in any order.
        for index in Array(0..<min(count, 64)) + (max(0, count - 64)..<count).reversed() {
            let stream = try decoder.visit(index, in: segment) { $0.header.stream }
            _ = try segment.head.mayHold(StreamFilter.Probe(stream.rawValue))
        }
        for entry in [segment.range(of: .streams), segment.range(of: .kinds)].joined() {
            let table = try PostingTable(segment.block(entry))
            var found: [UInt16] = []
            for index in 0..<table.count {
                try PostingList.decode(table.list(index), below: count, into: &found)
            }
        }
    }
}

/// Sets the sums of a segment's file right, from its blocks outwards, as far as its lengths lead.
enum SegmentRepair {
    private static let fileHeaderBytes = 48

    static func repaired(_ input: [UInt8]) -> [UInt8] {
        var bytes = input
        guard let starts = starts(in: input), starts.count > 2 else { return input }
        let head = starts[0]
        guard starts[1] - head >= SegmentLayout.headerBytes else { return input }
        repairEntries(&bytes, starts)
        let entryCount = half(bytes, head + SegmentLayout.Header.entries)
        let directoryEnd = min(starts[1] + entryCount * SegmentLayout.entryBytes, bytes.count)
        store(
            sum(bytes[starts[1]..<directoryEnd]), head + SegmentLayout.Header.directoryChecksum,
            &bytes)
        let content = Array(bytes[(head + SegmentLayout.headerBytes)..<starts[starts.count - 1]])
        let hash = head + SegmentLayout.Header.contentHash
        bytes.replaceSubrange(hash..<hash + 32, with: Link(SHA256.hash(content)).bytes)
        let checksum = head + SegmentLayout.Header.checksum
        store(sum(bytes[head..<checksum]), checksum, &bytes)
        let table = starts[0] - 8
        store(sum(bytes[..<table]), table, &bytes)
        return bytes
    }

    /// Where each piece begins, and where the last one ends; the first piece of the directory is
    /// the only one.
    private static func starts(in bytes: [UInt8]) -> [Int]? {
        guard bytes.count >= fileHeaderBytes else { return nil }
        let count = half(bytes, 40)
        guard count > 1, count < 4_096, bytes.count >= fileHeaderBytes + 4 * count + 8 else {
            return nil
        }
        var starts = [fileHeaderBytes + 4 * count + 8]
        for index in 0..<count {
            starts.append(starts[index] + half(bytes, fileHeaderBytes + 4 * index))
        }
        return starts[count] <= bytes.count ? starts : nil
    }

    private static func repairEntries(_ bytes: inout [UInt8], _ starts: [Int]) {
        let entries = (starts[2] - starts[1]) / SegmentLayout.entryBytes
        for index in 0..<entries {
            let entry = starts[1] + index * SegmentLayout.entryBytes
            let piece = 2 + Int(bytes[entry + 2]) + Int(bytes[entry + 3]) << 8
            guard piece + 1 < starts.count else { continue }
            let start = starts[piece] + half(bytes, entry + SegmentLayout.Entry.offset)
            let end = start + half(bytes, entry + SegmentLayout.Entry.byteCount)
            guard end <= starts[piece + 1] else { continue }
            store(sum(bytes[start..<end]), entry + SegmentLayout.Entry.checksum, &bytes)
        }
    }

    private static func half(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int(bytes.span.bytes.half(at: offset))
    }

    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 { XXH64.hash(bytes.span.bytes) }

    private static func store(_ sum: UInt64, _ offset: Int, _ bytes: inout [UInt8]) {
        FrameRepair.store(sum, at: offset, in: &bytes)
    }
}
