/// Rows as a store keeps them: many in one value, each behind its length.
///
/// A key for each row would cost more than the fold that makes it: a million keys, one by one,
/// take seconds.
struct RowPage: Sendable {
    private(set) var encoder: StateEncoder
    private(set) var rowCount: Int

    init() {
        encoder = StateEncoder()
        rowCount = 0
    }

    /// The first `rowCount` rows of a stored page; `nil` when it holds fewer. It may hold more:
    /// rows are written ahead of the state that counts them.
    init?(_ bytes: [UInt8], rowCount: Int) {
        var offset = 0
        for _ in 0..<rowCount {
            guard let row = Self.row(at: offset, in: bytes) else { return nil }
            offset = row.upperBound
        }
        encoder = StateEncoder(appendingTo: Array(bytes.prefix(offset)))
        self.rowCount = rowCount
    }

    var bytes: [UInt8] { encoder.bytes }

    /// Appends the row that `encode` appends.
    mutating func append(_ encode: (inout StateEncoder) -> Void) {
        encoder.appendCounted(encode)
        rowCount += 1
    }

    mutating func removeAll() {
        encoder.removeAll()
        rowCount = 0
    }

    /// Where the row lies whose length stands at `offset`.
    private static func row(at offset: Int, in bytes: [UInt8]) -> Range<Int>? {
        let start = offset + MemoryLayout<UInt32>.size
        guard start <= bytes.count else { return nil }
        var length = 0
        for index in 0..<4 { length |= Int(bytes[offset + index]) << (index * 8) }
        return bytes.count - start >= length ? start..<(start + length) : nil
    }

    /// The row of that number within a stored page; `nil` when it is not there, or malformed.
    static func row<Row: ProjectionRow>(_ number: Int, in bytes: [UInt8]) -> Row? {
        var offset = 0
        for _ in 0..<number {
            guard let row = row(at: offset, in: bytes) else { return nil }
            offset = row.upperBound
        }
        guard let range = row(at: offset, in: bytes) else { return nil }
        return row(range, in: bytes)
    }

    /// The rows of a stored page from the one of that number on, in order, until one is malformed.
    static func forEachRow<Row: ProjectionRow>(
        from number: Int, in bytes: [UInt8], _ body: (Row) throws -> Bool
    ) rethrows {
        var offset = 0
        var index = 0
        while let range = row(at: offset, in: bytes) {
            offset = range.upperBound
            index += 1
            guard index > number else { continue }
            guard let row: Row = row(range, in: bytes), try body(row) else { return }
        }
    }

    private static func row<Row: ProjectionRow>(_ range: Range<Int>, in bytes: [UInt8]) -> Row? {
        var decoder = StateDecoder(bytes, from: range.lowerBound)
        guard let row = try? Row(from: &decoder), decoder.offset == range.upperBound else {
            return nil
        }
        return row
    }
}

/// Packs rows into pages as they are finished.
struct RowPacker<P: Projection>: Sendable {
    /// Rows in full pages and in the open one.
    private(set) var rowCount: UInt64 = 0
    /// Rows that are made and not packed: room for those of an event, used for all events.
    var finished: [P.Row] = []
    private var open = RowPage()
    private var full: [(key: String, value: [UInt8])] = []

    init() {}

    /// Goes on behind the stored rows; `nil` where their last page cannot be read.
    init?(after rowCount: UInt64, in store: (any ProjectionStore)?) {
        self.rowCount = rowCount
        let rest = Int(rowCount % Self.pageSize)
        guard rest > 0 else { return }
        let key = StoreKey.rows(rowCount / Self.pageSize)
        guard let bytes = try? store?.load(key), let page = RowPage(bytes, rowCount: rest) else {
            return nil
        }
        open = page
    }

    private static var pageSize: UInt64 { UInt64(P.rowsPerPage) }

    var fullCount: Int { full.count }

    mutating func append(_ row: P.Row) {
        append { row.encode(into: &$0) }
    }

    /// Appends the row that `encode` appends.
    mutating func append(_ encode: (inout StateEncoder) -> Void) {
        open.append(encode)
        rowCount += 1
        guard open.rowCount == P.rowsPerPage else { return }
        full.append((key: StoreKey.rows(rowCount / Self.pageSize - 1), value: open.bytes))
        open.removeAll()
    }

    mutating func packFinished() {
        for row in finished { append(row) }
        finished.removeAll(keepingCapacity: true)
    }

    /// Hands out the pages that are full.
    mutating func takeFull() -> [(key: String, value: [UInt8])] {
        defer { full.removeAll(keepingCapacity: true) }
        return full
    }

    /// The page that more rows may still go to; `nil` while it is empty.
    var openPage: (key: String, value: [UInt8])? {
        open.rowCount == 0
            ? nil : (key: StoreKey.rows(rowCount / Self.pageSize), value: open.bytes)
    }
}
