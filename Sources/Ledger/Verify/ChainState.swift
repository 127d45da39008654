/// What a frame says about its place in the chain.
struct FramePlace: Hashable {
    let first: Position
    let last: Position
    let previousLink: Link
    let link: Link
    let bootID: BootID
    let producer: UInt64
    let producerSequence: UInt64

    init(_ frame: FrameView) {
        first = frame.first
        last = frame.last
        previousLink = frame.previousLink
        link = frame.link
        bootID = frame.bootID
        producer = frame.producer
        producerSequence = frame.producerSequence
    }
}

/// What the next frame must continue.
struct ChainState: Hashable {
    /// The last position that a readable frame ended at, or that was given up as lost.
    private(set) var position: Position
    /// Not known after damage: what follows is then held to itself only.
    private(set) var link: Link?
    private var producer: Producer?

    private struct Producer: Hashable {
        var boot: BootID
        var sequence: UInt64
    }

    /// Before the first frame of `ledger`.
    static func origin(of ledger: LedgerID) -> ChainState {
        ChainState(position: .zero, link: .origin(of: ledger), producer: nil)
    }

    /// After a frame that nothing is said about.
    init(after place: FramePlace) {
        position = place.last
        link = place.link
        producer = Producer(boot: place.bootID, sequence: place.producerSequence)
    }

    /// Where nothing is known.
    init(lostAt position: Position) {
        self.position = position
    }

    private init(position: Position, link: Link?, producer: Producer?) {
        self.position = position
        self.link = link
        self.producer = producer
    }

    /// Goes behind the frame at `place`, and says what it does not continue.
    mutating func advance(over place: FramePlace) throws(Corruption) {
        let before = self
        self = ChainState(after: place)
        let expected = before.position.next
        let isContinued = before.link != nil
        if isContinued, place.first != expected { throw .gap(expected: expected) }
        if let link = before.link, place.previousLink != link { throw .previousLink }
        guard place.producer == FrameLayout.writerProducer else { return }
        let isSameBoot = before.producer.map { $0.boot == place.bootID } ?? false
        if isContinued, isSameBoot || expected == .first || before.producer != nil {
            let sequence = isSameBoot ? before.producer?.sequence ?? 0 : 0
            if place.producerSequence != sequence &+ 1 { throw .producerSequence }
        }
    }

    /// Gives up what there was up to `position`, where that is news.
    mutating func lose(through position: Position) {
        if self.position < position { self = ChainState(lostAt: position) }
    }

    /// Something between here and the next frame cannot be read.
    mutating func lose() {
        link = nil
        producer = nil
    }
}
