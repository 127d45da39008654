public import Ledger
public import TrunkEvents

/// Every deck that was loaded, in the order of the log: says what a call costs, and what it was
/// said to cost before.
public struct RatingBook: Sendable {
    private var decks: [(position: Position, deck: RateDeck)] = []

    public init() {}

    public var isEmpty: Bool { decks.isEmpty }

    /// Decks come in the order of the log.
    public mutating func add(_ deck: RateDeck, loadedAt position: Position) {
        decks.append((position, deck))
    }

    /// The call's record as it was first rated, then a revision for each later deck that changed
    /// its price. The last one holds.
    public func revisions(of row: CDRRow) -> [RatedCDR] {
        var result = [RatedCDR(row: row, supersedes: nil, outcome: .failure(.noDeck))]
        for (position, deck) in decks where deck.covers(row) {
            let outcome = deck.rate(row)
            if position <= row.closedAt {
                result = [RatedCDR(row: row, supersedes: nil, outcome: outcome)]
            } else if let last = result.last, last.outcome != outcome {
                var revised = row
                revised.revision = last.row.revision + 1
                result.append(
                    RatedCDR(row: revised, supersedes: last.row.revision, outcome: outcome))
            }
        }
        return result
    }

    /// For each carrier and direction the deck that rates a call at the instant.
    public func decksInForce(at instant: WallInstant) -> [RateDeck] {
        var found: [RateDeck] = []
        for deck in decks.reversed().map(\.deck) where deck.terms.effectiveFrom <= instant {
            let isKnown = found.contains {
                $0.terms.carrier == deck.terms.carrier
                    && $0.terms.direction == deck.terms.direction
            }
            if !isKnown { found.append(deck) }
        }
        return found.reversed()
    }

    /// The decks that were loaded up to there.
    public func through(_ position: Position) -> RatingBook {
        var book = self
        book.decks.removeAll { $0.position > position }
        return book
    }

    /// Whether a deck was loaded at one of these positions: it may change the price of calls that
    /// were over before.
    public func hasDecks(loadedIn range: ClosedRange<Position>) -> Bool {
        decks.contains { range.contains($0.position) }
    }

    public func newest(of row: CDRRow) -> RatedCDR {
        let all = revisions(of: row)
        return all[all.count - 1]
    }
}

/// A call record and its price.
public struct RatedCDR: Sendable {
    public let row: CDRRow
    /// The revision that this one replaces.
    public let supersedes: UInt32?
    public let outcome: Result<Rating, RatingRefusal>

    public var rating: Rating? { try? outcome.get() }

    public init(row: CDRRow, supersedes: UInt32?, outcome: Result<Rating, RatingRefusal>) {
        self.row = row
        self.supersedes = supersedes
        self.outcome = outcome
    }
}

extension RateDeck {
    /// Whether the deck says something of calls like this.
    func covers(_ row: CDRRow) -> Bool {
        terms.carrier == row.carrier && terms.direction == row.direction
            && (row.answeredAt ?? row.seizedAt) >= terms.effectiveFrom
    }

    /// By the number called, at the instant of the answer.
    public func rate(_ row: CDRRow) -> Result<Rating, RatingRefusal> {
        let called = row.bE164.isEmpty ? row.did : row.bE164
        guard let b = PhoneDigits(called.bytes), !b.isEmpty else { return .failure(.noNumber) }
        let a = PhoneDigits(row.aE164.bytes) ?? .none
        return rate(
            from: a, to: b, at: row.answeredAt ?? row.seizedAt,
            talkMilliseconds: row.disposition == .answered ? row.talkMilliseconds : nil)
    }
}
