/// The columns of up to 2,048 consecutive events: the tags that occur, each with the rank of its
/// first event here; stream and tag of each event as places in the segment's dictionaries; both
/// clocks, wall time as steps, monotonic time as steps of its distance to wall time.
struct Stripe {
    struct Row {
        /// Places in the segment's dictionaries.
        var stream = 0
        var tag = 0
        /// Where the payload is among all, ordered by tag and then by position.
        var rank = 0
        var wallTime: Int64 = 0
        var monotonicTime: UInt64 = 0
    }

    /// As many as the longest stripe has, so that filling them takes nothing from the heap.
    private(set) var rows = [Row](repeating: Row(), count: SegmentLayout.stripeEvents)
    /// Of each tag, while a stripe is loaded: the next event's rank, -1 for tags without one.
    private var nextRanks: [Int] = []

    /// The sizes that what a stripe says is held against.
    struct Bounds {
        var events: Int
        var streams: Int
        var tags: Int
    }

    init() {}

    /// Takes over what a block of `count` events says.
    mutating func load(
        _ bytes: RawSpan, count: Int, _ bounds: Bounds
    ) throws(Corruption) {
        var reader = ByteReader(bytes, or: .columns)
        var nextRanks: [Int] = []
        swap(&nextRanks, &self.nextRanks)
        defer { swap(&nextRanks, &self.nextRanks) }
        try Self.read(&nextRanks, &reader, count: count, bounds)
        let streams = try PackedColumn(&reader, count: count)
        let tags = try PackedColumn(&reader, count: count)
        var wall = Int64(bitPattern: try reader.word())
        let wallSteps = try PackedColumn(&reader, count: count)
        var distance = try reader.word()
        let distanceSteps = try PackedColumn(&reader, count: count)
        guard reader.isAtEnd else { throw .segment(.columns) }
        for index in 0..<count {
            let stream = streams.value(index)
            let tag = tags.value(index)
            guard stream < UInt64(bounds.streams), tag < UInt64(bounds.tags) else {
                throw .segment(.columns)
            }
            let rank = nextRanks[Int(tag)]
            guard rank >= 0, rank < bounds.events else { throw .segment(.columns) }
            nextRanks[Int(tag)] = rank + 1
            wall &+= PackedColumn.unzigzag(wallSteps.value(index))
            let step = PackedColumn.unzigzag(distanceSteps.value(index))
            distance &+= UInt64(bitPattern: step)
            rows[index] = Row(
                stream: Int(stream), tag: Int(tag), rank: rank, wallTime: wall,
                monotonicTime: UInt64(bitPattern: wall) &+ distance)
        }
    }

    /// Reads the ranks of the first events of the tags that occur.
    private static func read(
        _ nextRanks: inout [Int], _ reader: inout ByteReader, count: Int, _ bounds: Bounds
    ) throws(Corruption) {
        nextRanks.removeAll(keepingCapacity: true)
        nextRanks.append(contentsOf: repeatElement(-1, count: bounds.tags))
        for _ in 0..<(try reader.count(atMost: count)) {
            let tag = try reader.count(atMost: bounds.tags - 1)
            nextRanks[tag] = try reader.count(atMost: bounds.events - 1)
        }
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
