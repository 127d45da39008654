public import TrunkEvents

/// What a line of an invoice, or a call of ours that has none, came to.
public struct Finding: Hashable, Sendable {
    /// The classes, the gravest last.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case exact
        case rounding
        case rate
        case duration
        case missingTheirs = "missing_theirs"
        case missingOurs = "missing_ours"
        case duplicate = "duplicate_billed"
        case unanswered = "billed_unanswered"
        case hung = "hung_call"
    }

    public var kind: Kind
    /// Of the invoice, from 1; `nil` for a call that it lacks.
    public var line: Int?
    /// Of the line that a duplicate repeats.
    public var original: Int?
    public var cdr: CDRID?
    public var calling: PhoneDigits
    public var called: PhoneDigits
    /// The carrier's stamp on our clock.
    public var billedAt: WallInstant?
    /// The moment of our call that stamps of this carrier speak of.
    public var startedAt: WallInstant?
    public var billedSeconds: Int64?
    public var talkMilliseconds: Int64?
    /// What the talk comes to by the contract's increment, else by the one inferred.
    public var expectedSeconds: Int64?
    public var amount: Money?
    public var expectedAmount: Money?
    /// What the carrier charges too much; negative where it is too little.
    public var stake: Money
    /// Of the carrier's calendar, since 1970.
    public var day: Int64
}
