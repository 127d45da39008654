/// The chain value that a batch's frame has if it holds the batch alone and follows `head`:
/// computed by who appends, while the disk is busy with the frame before.
struct LinkAhead: Sendable {
    private let head: LedgerHead
    private let link: Link

    init(of hashes: BatchHashes, after head: LedgerHead) {
        self.head = head
        link = LinkHasher.link(
            of: hashes.leaves[...], first: head.position.next, previous: head.link)
    }

    /// `nil` where the frame has another place than was expected.
    func link(at place: FrameEncoder.Place) -> Link? {
        head.position.next == place.first && head.link == place.previousLink ? link : nil
    }
}
