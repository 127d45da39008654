/// Which streams surely are not in the parts of the log that a reader has looked through: the next
/// lookup passes over them without reading them again.
///
/// What is remembered is said of positions, between two chain values, and the log only grows: it
/// stays true when frames become a segment. Of frames, the log's last one is left out, since it
/// alone may be undone (``Durability/losesNewestCommitOnPowerCut(within:)``).
final class StreamMemory: Sendable {
    /// A part of the log, and where the whole ``StreamFilter`` of its streams is.
    struct Part {
        let place: ChainedSpan
        fileprivate let filter: Range<Int>
    }

    /// Parts that do not overlap, by position.
    struct Parts {
        private(set) var parts: [Part] = []
        /// Side by side: a lookup touches one line of each, and nothing else on the way there.
        private var filters: [UInt8] = []
        /// Of the filters that are in use.
        private(set) var byteCount = 0

        /// Whether the part at `index` surely holds nothing that `query` wants.
        func isFree(_ index: Int, of query: EventFilter) -> Bool {
            // UInt8 has no padding whose bytes could be uninitialised.
            let filter = unsafe filters.span.bytes.extracting(parts[index].filter)
            return !query.mayMatch(whole: filter)
        }

        /// The part that holds `position`, if one does.
        func index(holding position: Position) -> Int? {
            let index = parts.partitionPoint { $0.place.first > position } - 1
            return index >= 0 && parts[index].place.last >= position ? index : nil
        }

        mutating func add(_ place: ChainedSpan, filter: [UInt8]) {
            let index = parts.partitionPoint { $0.place.first > place.first }
            let isFree =
                (index == 0 || parts[index - 1].place.last < place.first)
                && (index == parts.count || place.last < parts[index].place.first)
            guard isFree else { return }
            let start = filters.count
            filters += filter
            parts.insert(Part(place: place, filter: start..<filters.count), at: index)
            byteCount += filter.count
        }

        mutating func removeAll(endingBefore position: Position) {
            let count = parts.partitionPoint { $0.place.last >= position }
            if count == 0 { return }
            let (old, oldFilters) = (parts, filters)
            self = Parts()
            for part in old[count...] { add(part.place, filter: Array(oldFilters[part.filter])) }
        }
    }

    private let sealed = Gated(Parts())
    private let frames = Gated(Parts())

    /// Hands over what is remembered of segments; other lookups wait meanwhile.
    func withSealed<Value>(
        _ body: (borrowing Parts) throws(Corruption) -> Value
    ) throws(Corruption) -> Value {
        try sealed.withLock { parts throws(Corruption) in try body(parts) }
    }

    /// Hands over what is remembered of frames; other lookups wait meanwhile.
    func withFrames<Value>(
        _ body: (borrowing Parts) throws(Corruption) -> Value
    ) throws(Corruption) -> Value {
        try frames.withLock { parts throws(Corruption) in try body(parts) }
    }

    /// Of the segments that are too many, the later ones are not remembered; nor is one whose
    /// filter is damaged, beside the line that a lookup has looked at.
    func remember(segment place: ChainedSpan, filter: RawSpan) {
        let isKnown = sealed.withLock { $0.index(holding: place.first) != nil }
        guard !isKnown, StreamFilter.isWhole(filter) else { return }
        let filter = filter.array
        sealed.withLock { sealed in
            guard sealed.byteCount < LedgerLimits.rememberedSegmentBytes else { return }
            sealed.add(place, filter: filter)
        }
    }

    func remember(_ group: FrameGroup) {
        let filter = StreamFilter.make(group.streams)
        frames.withLock { frames in
            // Frames that are sealed by now take the room.
            if frames.byteCount > LedgerLimits.rememberedFrameBytes { frames = Parts() }
            frames.add(group.place, filter: filter)
        }
    }

    /// All before `position` is sealed, and remembered by segment.
    func forgetFrames(before position: Position) {
        frames.withLock { $0.removeAll(endingBefore: position) }
    }
}

/// Frames in a row that a lookup goes through.
struct FrameGroup {
    private(set) var place: ChainedSpan
    /// Of each event.
    private(set) var streams: [UInt64] = []

    init(_ frame: FrameView) {
        place = ChainedSpan(frame)
        add(frame)
    }

    /// Also takes `frame`, the next one in `direction`.
    mutating func append(_ frame: FrameView, _ direction: EventQuery.Direction) {
        let added = ChainedSpan(frame)
        place =
            direction == .forwards ? ChainedSpan(place, added) : ChainedSpan(added, place)
        add(frame)
    }

    private mutating func add(_ frame: FrameView) {
        for index in 0..<frame.count { streams.append(frame.stream(index).rawValue) }
    }

    var isFull: Bool { streams.count >= LedgerLimits.frameGroupEvents }
}
