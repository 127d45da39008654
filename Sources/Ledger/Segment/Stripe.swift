/// The columns of up to 2,048 consecutive events: the tags that occur, each with the rank of its
/// first event here; stream and tag of each event as places in the segment's dictionaries; both
/// clocks, wall time as steps, monotonic time as steps of its distance to wall time.
struct Stripe {
    private(set) var streams: [Int] = []
    private(set) var tags: [Int] = []
    /// Where each event's payload is among all, ordered by tag and then by position.
    private(set) var ranks: [Int] = []
    private(set) var wallTimes: [Int64] = []
    private(set) var monotonicTimes: [UInt64] = []

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
        var next: [Int: Int] = [:]
        for _ in 0..<(try reader.count(atMost: count)) {
            let tag = try reader.count(atMost: bounds.tags - 1)
            next[tag] = try reader.count(atMost: bounds.events - 1)
        }
        let streamColumn = try PackedColumn(&reader, count: count)
        let tagColumn = try PackedColumn(&reader, count: count)
        removeAll()
        for index in 0..<count {
            let stream = streamColumn.value(index)
            let tag = tagColumn.value(index)
            guard stream < UInt64(bounds.streams), tag < UInt64(bounds.tags),
                let rank = next[Int(tag)], rank < bounds.events
            else { throw .segment(.columns) }
            next[Int(tag)] = rank + 1
            streams.append(Int(stream))
            tags.append(Int(tag))
            ranks.append(rank)
        }
        try loadTimes(&reader, count: count)
        guard reader.isAtEnd else { throw .segment(.columns) }
    }

    private mutating func loadTimes(
        _ reader: inout ByteReader, count: Int
    ) throws(Corruption) {
        var wall = Int64(bitPattern: try reader.word())
        let wallSteps = try PackedColumn(&reader, count: count)
        var distance = try reader.word()
        let distanceSteps = try PackedColumn(&reader, count: count)
        for index in 0..<count {
            wall &+= PackedColumn.unzigzag(wallSteps.value(index))
            let step = PackedColumn.unzigzag(distanceSteps.value(index))
            distance &+= UInt64(bitPattern: step)
            wallTimes.append(wall)
            monotonicTimes.append(UInt64(bitPattern: wall) &+ distance)
        }
    }

    private mutating func removeAll() {
        streams.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        ranks.removeAll(keepingCapacity: true)
        wallTimes.removeAll(keepingCapacity: true)
        monotonicTimes.removeAll(keepingCapacity: true)
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
