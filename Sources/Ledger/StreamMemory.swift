internal import Synchronization

/// Which streams surely are not in the parts of the log that a reader has looked through: the next
/// lookup passes over them without reading them again.
///
/// What is remembered is said of positions, between two chain values, and the log only grows: it
/// stays true when frames become a segment. Of frames, the log's last one is left out, since it
/// alone may be undone (``Durability/losesNewestCommitOnPowerCut(within:)``).
final class StreamMemory: Sendable {
    /// A part of the log, and the whole ``StreamFilter`` of its streams.
    struct Part {
        let place: ChainedSpan
        let filter: [UInt8]
    }

    /// Parts that do not overlap, by position.
    struct Parts {
        private(set) var parts: [Part] = []
        private(set) var byteCount = 0

        /// The part that holds `position`, if one does.
        func index(holding position: Position) -> Int? {
            let index = parts.partitionPoint { $0.place.first > position } - 1
            return index >= 0 && parts[index].place.last >= position ? index : nil
        }

        mutating func add(_ part: Part) {
            let index = parts.partitionPoint { $0.place.first > part.place.first }
            let isFree =
                (index == 0 || parts[index - 1].place.last < part.place.first)
                && (index == parts.count || part.place.last < parts[index].place.first)
            guard isFree else { return }
            parts.insert(part, at: index)
            byteCount += part.filter.count
        }

        mutating func removeAll(endingBefore position: Position) {
            let count = parts.partitionPoint { $0.place.last >= position }
            byteCount -= parts[..<count].reduce(0) { $0 + $1.filter.count }
            parts.removeFirst(count)
        }
    }

    private let sealed = Mutex(Parts())
    private let frames = Mutex(Parts())

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
        guard StreamFilter.isWhole(filter) else { return }
        let part = Part(place: place, filter: filter.array)
        sealed.withLock { sealed in
            guard sealed.byteCount < LedgerLimits.rememberedSegmentBytes else { return }
            sealed.add(part)
        }
    }

    func remember(_ group: FrameGroup) {
        let part = Part(place: group.place, filter: StreamFilter.make(group.streams))
        frames.withLock { frames in
            // Frames that are sealed by now take the room.
            if frames.byteCount > LedgerLimits.rememberedFrameBytes { frames = Parts() }
            frames.add(part)
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
