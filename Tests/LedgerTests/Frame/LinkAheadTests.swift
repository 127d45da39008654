import TestSupport
import Testing

@testable import Ledger

@Suite struct LinkAheadTests {
    private static let boot = BootID(high: 1, low: 2)
    private static let head = LedgerHead(
        ledger: LedgerID(high: 3, low: 4), position: Position(rawValue: 10),
        link: .origin(of: LedgerID(high: 3, low: 4)))
    private static let place = FrameEncoder.Place(
        first: head.position.next, previousLink: head.link, bootID: boot, producerSequence: 5)

    private func submission(_ count: Int, after head: LedgerHead?) -> Submission {
        let batch = batch(count)
        let hashes = BatchHashes(of: batch, bootID: Self.boot)
        return Submission(
            batch: batch, hashes: hashes, linkAhead: head.map { LinkAhead(of: hashes, after: $0) },
            reserve: false, completion: { _ in })
    }

    private func link(_ submissions: [Submission]) -> Link {
        FrameEncoder(submissions[...], at: Self.place).link
    }

    @Test func theLinkAheadIsTheOneComputedInTurn() {
        let ahead = LinkAhead(of: submission(3, after: nil).hashes, after: Self.head)
        #expect(ahead.link(at: Self.place) == link([submission(3, after: nil)]))
    }

    @Test func aFrameInAnotherPlaceIsChainedInTurn() {
        let elsewhere = LedgerHead(
            ledger: Self.head.ledger, position: Position(rawValue: 9), link: Self.head.link)
        let otherwise = LedgerHead(
            ledger: Self.head.ledger, position: Self.head.position,
            link: .origin(of: LedgerID(high: 5, low: 6)))
        for head in [elsewhere, otherwise] {
            #expect(link([submission(3, after: head)]) == link([submission(3, after: nil)]))
        }
    }

    @Test func aFrameOfTwoBatchesIsChainedInTurn() {
        let two = [submission(3, after: Self.head), submission(1, after: Self.head)]
        #expect(link(two) == link([submission(3, after: nil), submission(1, after: nil)]))
    }
}
