/// What a query asks of an event beside its position, in the form that columns are held against.
struct EventFilter {
    /// Rising; `nil` for all.
    private let streams: [UInt64]?
    private let probes: [StreamFilter.Probe]
    /// The only one of `streams`: of a frame's many records it is found without an array.
    private let stream: UInt64?
    /// Rising; `nil` for all.
    private let kinds: [UInt16]?
    private let wallTimes: ClosedRange<Int64>?

    init(_ query: EventQuery) {
        let streams = query.streams?.map(\.rawValue).sorted()
        self.streams = streams
        probes = streams?.map { StreamFilter.Probe($0) } ?? []
        stream = streams?.count == 1 ? streams?.first : nil
        kinds = query.kinds?.map(\.rawValue).sorted()
        wallTimes = query.wallTimes
    }

    /// Looks at the records only; their checksum was checked.
    func admits(_ index: Int, of frame: FrameView) -> Bool {
        if let stream {
            guard frame.stream(index).rawValue == stream else { return false }
        } else if let streams, !streams.holds(frame.stream(index).rawValue) {
            return false
        }
        if let kinds, !kinds.holds(frame.kind(index).rawValue) { return false }
        return admits(wallTime: frame.wallTime(index))
    }

    func admits(wallTime: Int64) -> Bool {
        wallTimes?.contains(wallTime) ?? true
    }

    /// The one stream that is wanted, if it is one.
    var onlyStream: StreamID? {
        guard let streams, streams.count == 1 else { return nil }
        return StreamID(rawValue: streams[0])
    }

    /// Whether events of some streams only are wanted.
    var isByStream: Bool { streams != nil }

    /// False when no event of the segment is wanted, as far as piece 0 tells.
    func mayMatch(_ head: SegmentHead) throws(Corruption) -> Bool {
        if let wallTimes, !wallTimes.overlaps(head.header.wallTimes) { return false }
        guard isByStream else { return true }
        for probe in probes where try head.mayHold(probe) { return true }
        return false
    }

    /// False when no stream is wanted that the whole ``StreamFilter`` was made of.
    func mayMatch(whole filter: RawSpan) -> Bool {
        !isByStream || probes.contains { StreamFilter.mayContain($0, whole: filter) }
    }

    /// False when every event of the segment has a time that is wanted.
    func mustLookAtTimes(of header: SegmentHeader) -> Bool {
        guard let wallTimes else { return false }
        return header.wallTimes.clamped(to: wallTimes) != header.wallTimes
    }

    /// The rising indices of the segment's events of the streams and kinds that are wanted; `nil`
    /// when all are.
    func candidates(in segment: SegmentView) throws(Corruption) -> [UInt16]? {
        guard let streams else {
            guard let kinds else { return nil }
            return try segment.indices(ofKinds: kinds)
        }
        let found = try segment.indices(ofStreams: streams)
        guard let kinds, !found.isEmpty else { return found }
        return try found.intersection(rising: segment.indices(ofKinds: kinds))
    }
}

extension Array where Element: Comparable {
    /// Whether `element` is one of these, which rise.
    fileprivate func holds(_ element: Element) -> Bool {
        let index = firstIndex(atOrAbove: element)
        return index < count && self[index] == element
    }

    /// Where the first of these, which rise, is at least `element`; `count` when none is.
    func firstIndex(atOrAbove element: Element) -> Int {
        partitionPoint { $0 >= element }
    }

    /// What both have; both rise.
    fileprivate func intersection(rising other: [Element]) -> [Element] {
        var common: [Element] = []
        var rest = other[...]
        for element in self {
            while let first = rest.first, first < element { rest.removeFirst() }
            if rest.first == element { common.append(element) }
        }
        return common
    }
}
