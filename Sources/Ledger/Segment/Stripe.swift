/// The columns of up to 2,048 consecutive events: the tags that occur, each with the rank of its
/// first event here; stream and tag of each event as places in the segment's dictionaries; both
/// clocks, wall time as steps, monotonic time as steps of its distance to wall time.
enum Stripe {
    /// What the columns say of one event.
    struct Row {
        /// Places in the segment's dictionaries.
        var stream = 0
        var tag = 0
        /// Where the payload is among all, ordered by tag and then by position.
        var rank = 0
        var wallTime: Int64 = 0
        var monotonicTime: UInt64 = 0
    }

    /// The sizes that what a stripe says is held against.
    struct Bounds {
        var events: Int
        var streams: Int
        var tags: Int
    }

    /// `ranks` are those of these events.
    static func encode(
        _ headers: ArraySlice<EventHeader>, streams: [Int], tags: [Int], ranks: [Int]
    ) -> [UInt8] {
        var firstRanks: [Int: Int] = [:]
        for (tag, rank) in zip(tags, ranks) where firstRanks[tag] == nil { firstRanks[tag] = rank }
        var bytes: [UInt8] = []
        bytes.append(varint: UInt64(firstRanks.count))
        for (tag, rank) in firstRanks.sorted(by: { $0.key < $1.key }) {
            bytes.append(varint: UInt64(tag))
            bytes.append(varint: UInt64(rank))
        }
        PackedColumn.append(streams.map(UInt64.init), to: &bytes)
        PackedColumn.append(tags.map(UInt64.init), to: &bytes)
        appendSteps(headers.map { UInt64(bitPattern: $0.wallTime) }, to: &bytes)
        appendSteps(
            headers.map { $0.monotonicTime &- UInt64(bitPattern: $0.wallTime) }, to: &bytes)
        return bytes
    }

    private static func appendSteps(_ values: [UInt64], to bytes: inout [UInt8]) {
        bytes.append(values[0], width: 8)
        var previous = values[0]
        let steps = values.map { value in
            defer { previous = value }
            return PackedColumn.zigzag(Int64(bitPattern: value &- previous))
        }
        PackedColumn.append(steps, to: &bytes)
    }
}

/// A stripe where it lies. A single row is read without decoding the others.
struct StripeView: ~Escapable {
    let count: Int
    private let bounds: Stripe.Bounds
    private let bytes: RawSpan
    private let streams: PackedColumn
    private let tags: PackedColumn
    private let firstWall: Int64
    private let wallSteps: PackedColumn
    private let firstDistance: UInt64
    private let distanceSteps: PackedColumn

    /// `bytes` are, or will be, a block of `count` events.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, count: Int, _ bounds: Stripe.Bounds) throws(Corruption) {
        var reader = ByteReader(bytes, or: .columns)
        try Self.readFirstRanks(&reader, count, bounds) { _, _ in }
        streams = try PackedColumn(&reader, count: count)
        tags = try PackedColumn(&reader, count: count)
        firstWall = Int64(bitPattern: try reader.word())
        wallSteps = try PackedColumn(&reader, count: count)
        firstDistance = try reader.word()
        distanceSteps = try PackedColumn(&reader, count: count)
        guard reader.isAtEnd else { throw .segment(.columns) }
        self.count = count
        self.bounds = bounds
        self.bytes = bytes
    }

    /// Calls `body` with each tag that occurs and the rank of its first event.
    private static func readFirstRanks(
        _ reader: inout ByteReader, _ count: Int, _ bounds: Stripe.Bounds,
        _ body: (Int, Int) -> Void
    ) throws(Corruption) {
        for _ in 0..<(try reader.count(atMost: count)) {
            let tag = try reader.count(atMost: bounds.tags - 1)
            body(tag, try reader.count(atMost: bounds.events - 1))
        }
    }

    /// What the columns say of the event at `index`, counted from 0 in this stripe.
    func row(_ index: Int) throws(Corruption) -> Stripe.Row {
        let tag = tags.value(index)
        var rank = -1
        var reader = ByteReader(bytes, or: .columns)
        try Self.readFirstRanks(&reader, count, bounds) { other, first in
            if UInt64(other) == tag { rank = first }
        }
        guard rank >= 0 else { throw .segment(.columns) }
        tags.forEach(first: index) { _, other in if other == tag { rank += 1 } }
        var wall = firstWall
        wallSteps.forEach(first: index + 1) { _, step in
            wall &+= PackedColumn.unzigzag(step)
        }
        var distance = firstDistance
        distanceSteps.forEach(first: index + 1) { _, step in
            distance &+= UInt64(bitPattern: PackedColumn.unzigzag(step))
        }
        let stream = streams.value(index)
        guard stream < UInt64(bounds.streams), tag < UInt64(bounds.tags), rank < bounds.events
        else { throw .segment(.columns) }
        return Stripe.Row(
            stream: Int(stream), tag: Int(tag), rank: rank, wallTime: wall,
            monotonicTime: UInt64(bitPattern: wall) &+ distance)
    }

    /// Fills `rows`, which are `count` at least; `nextRanks` is room that is used again.
    func decode(
        into rows: inout [Stripe.Row], _ nextRanks: inout [Int]
    ) throws(Corruption) {
        nextRanks.removeAll(keepingCapacity: true)
        nextRanks.append(contentsOf: repeatElement(-1, count: bounds.tags))
        var reader = ByteReader(bytes, or: .columns)
        try Self.readFirstRanks(&reader, count, bounds) { nextRanks[$0] = $1 }
        var room = rows.mutableSpan
        streams.forEach(first: count) { room[$0].stream = Int(truncatingIfNeeded: $1) }
        tags.forEach(first: count) { room[$0].tag = Int(truncatingIfNeeded: $1) }
        var wall = firstWall
        wallSteps.forEach(first: count) { index, step in
            wall &+= PackedColumn.unzigzag(step)
            room[index].wallTime = wall
        }
        var distance = firstDistance
        distanceSteps.forEach(first: count) { index, step in
            distance &+= UInt64(bitPattern: PackedColumn.unzigzag(step))
            room[index].monotonicTime = UInt64(bitPattern: room[index].wallTime) &+ distance
        }
        for index in 0..<count {
            let tag = room[index].tag
            guard (0..<bounds.streams).contains(room[index].stream),
                (0..<bounds.tags).contains(tag)
            else { throw .segment(.columns) }
            let rank = nextRanks[tag]
            guard rank >= 0, rank < bounds.events else { throw .segment(.columns) }
            nextRanks[tag] = rank + 1
            room[index].rank = rank
        }
    }
}
