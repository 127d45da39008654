/// What a frame, a segment, and frames in a row have in common: events that follow each other in
/// the chain.
struct ChainedSpan: Hashable {
    let first: Position
    private(set) var last: Position
    let previousLink: Link
    private(set) var link: Link

    init(_ frame: FrameView) {
        first = frame.first
        last = frame.last
        previousLink = frame.previousLink
        link = frame.link
    }

    init(_ segment: SegmentHeader) {
        first = segment.first
        last = segment.last
        previousLink = segment.previousLink
        link = segment.link
    }

    init(first: Position, last: Position, previousLink: Link, link: Link) {
        self.first = first
        self.last = last
        self.previousLink = previousLink
        self.link = link
    }

    /// From the first of `earlier` to the last of `later`, which follows it.
    init(_ earlier: ChainedSpan, _ later: ChainedSpan) {
        precondition(earlier.last.next == later.first, "spans that follow each other")
        first = earlier.first
        last = later.last
        previousLink = earlier.previousLink
        link = later.link
    }
}
