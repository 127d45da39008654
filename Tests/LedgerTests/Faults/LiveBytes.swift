@testable import Ledger

/// Where in its data file a ledger's frames lie, as its newest commit sees them.
struct LiveBytes {
    struct Frame {
        var range: Range<Int>
        var first: Position
        var last: Position
    }

    private(set) var frames: [Frame] = []

    init(_ reader: LedgerReader) throws {
        var found: [Frame] = []
        try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            var cursor = PageCursor(try snapshot.frames())
            guard try cursor.seekFirst() else { return }
            repeat {
                let value = try cursor.value()
                let frame = try FrameView(value, filedUnder: cursor.key())
                let start = Self.offset(of: value, in: snapshot.file.bytes)
                found.append(
                    Frame(
                        range: start..<start + value.byteCount, first: frame.first,
                        last: frame.last))
            } while try cursor.advance()
        }
        frames = found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The frame that holds the byte at `offset` of the file.
    func frame(at offset: Int) -> Frame? {
        frames.first { $0.range.contains(offset) }
    }

    private static func offset(of part: RawSpan, in whole: RawSpan) -> Int {
        part.withUnsafeBytes { part in
            whole.withUnsafeBytes { whole in
                UnsafeRawPointer(part.baseAddress!) - UnsafeRawPointer(whole.baseAddress!)
            }
        }
    }
}
