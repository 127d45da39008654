import ArgumentParser
import Projections
import TrunkEvents

struct RateQuoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote",
        abstract: "What a call costs at each carrier.",
        discussion: """
              trunkledger rate quote +442071234567 --seconds 95
              trunkledger rate quote 12125550100 --from 13055550101 --at 2026-11-01
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    @Argument(help: "The number called, with its country code.")
    var number: String

    @Option(help: "The calling number, for decks with prices by jurisdiction.")
    var from: String = ""

    @Option(help: "Seconds of talk.")
    var seconds: Int64 = 60

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("At this instant (default: now).", valueName: "instant"))
    var at: String?

    func validate() throws {
        guard (0...864_000).contains(seconds) else {
            throw ValidationError("--seconds goes from 0 to 864000")
        }
    }

    func run() throws {
        let now = WallInstant.now
        let instant = try output.instant(at, option: "--at", now: now) ?? now
        guard let called = PhoneDigits(number.utf8), !called.isEmpty,
            let caller = PhoneDigits(from.utf8)
        else {
            throw CommandFailure.usage("'\(number)' is no number; it has 1 to 18 digits")
        }
        let book = try source.ratingBook(of: source.projections(RateDeckHistory.self))
        var listing = try Listing(Self.columns, output, to: StandardOutput())
        for deck in book.decksInForce(at: instant) {
            let outcome = deck.rate(
                from: caller, to: called, at: instant, talkMilliseconds: seconds * 1_000)
            listing.add(Quote(terms: deck.terms, rating: try? outcome.get()))
        }
        listing.finish(empty: "no rate deck is in force then; 'trunkledger rate list' shows all")
    }

    struct Quote {
        var terms: RateDeckTerms
        var rating: Rating?
    }

    private static let columns: [ListingColumn<Quote>] = [
        ListingColumn("carrier", "CARRIER", value: { OutputValue($0.terms.carrier) }),
        ListingColumn("direction", "DIRECTION", value: { OutputValue($0.terms.direction) }),
        ListingColumn("prefix", "PREFIX", value: { OutputValue($0.rating?.prefix) }),
        ListingColumn("rate", "RATE/MIN", .right, value: { OutputValue($0.rating?.rate) }),
        ListingColumn("interval", "INTERVAL", value: { OutputValue($0.rating?.interval) }),
        ListingColumn(
            "rated_s", "BILLED S", .right,
            value: { quote in
                quote.rating.map { .integer($0.billedSeconds) } ?? .none
            }),
        ListingColumn("amount", "AMOUNT", .right, value: { OutputValue($0.rating?.amount) }),
        ListingColumn("currency", "CURRENCY", value: { OutputValue($0.terms.currency) }),
        ListingColumn("deck_sha256", value: { OutputValue($0.rating?.deck) }),
    ]
}

extension LedgerChoice {
    /// The prices that the log names.
    func ratingBook(of projections: borrowing LedgerProjections) throws -> RatingBook {
        do {
            return try RateDeckStore(ledger: try path()).book(projections.rateDecks)
        } catch let error as RateDeckStoreError {
            throw CommandFailure(.unusableLedger, error.description)
        }
    }
}
