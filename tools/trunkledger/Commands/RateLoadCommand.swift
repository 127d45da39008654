import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct RateLoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Check a rate deck and put it in force.",
        discussion: """
            Every mistake is named with file, line and column, and then nothing is loaded. The \
            file is kept beside the log under its SHA-256, and the log records who is charged how \
            from when.

              trunkledger rate load alpha.csv --carrier alpha --interval 6/6
              trunkledger rate load alpha.csv --carrier alpha --effective 2026-12-01 --check
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var choice: RateTermsChoice

    @Argument(help: "The deck.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "Which state an area code lies in (rows of npa,state): needed by decks with prices "
                + "by jurisdiction.", valueName: "file"))
    var states: String?

    @Flag(help: "Only check the deck.")
    var check = false

    func run() throws {
        let terms = try choice.terms(output, now: .now)
        let bytes = try InputFile(path: file).bytes()
        let table = try states.map { path in
            let bytes = try InputFile(path: path).bytes()
            return (codes: try AreaCodes(bytes, file: path), bytes: bytes)
        }
        let deck = try RateDeck(bytes, file: file, terms: terms, states: table?.codes)
        let fact = RateDeckLoaded(
            terms, rateCount: deck.entryCount, fileName: Self.name(of: file),
            sha256: deck.sha256, statesSHA256: table?.codes.sha256)
        if !check {
            let ledger = try source.path()
            _ = try source.reader()
            let store = RateDeckStore(ledger: ledger)
            try store.keep(bytes)
            if let table { try store.keep(table.bytes) }
            try FactRecording(ledger: ledger).record(.rateDeckLoaded(fact))
        }
        var listing = try Listing(RateDeckRow.columns, output, to: StandardOutput())
        listing.add(RateDeckRow(at: nil, position: nil, fact: fact))
        listing.finish(empty: "")
    }

    private static func name(of path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }
}

struct RateListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the decks that were loaded, in their order.")

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    func run() throws {
        let decks = try source.projections(RateDeckHistory.self).rateDecks.decks
        var listing = try Listing(RateDeckRow.columns, output, to: StandardOutput())
        for deck in decks {
            listing.add(RateDeckRow(at: deck.at, position: deck.position, fact: deck.fact))
        }
        listing.finish(empty: "no rate deck is loaded; 'trunkledger rate load' loads one")
    }
}

/// A deck as listings show it.
struct RateDeckRow {
    var at: WallInstant?
    var position: Position?
    var fact: RateDeckLoaded

    static let columns: [ListingColumn<RateDeckRow>] = [
        ListingColumn(
            "position",
            value: { row in
                row.position.map { .unsigned($0.rawValue) } ?? .none
            }),
        ListingColumn("carrier", "CARRIER", value: { OutputValue($0.fact.carrier) }),
        ListingColumn("direction", "DIRECTION", rank: 2, value: { OutputValue($0.fact.direction) }),
        ListingColumn("file", "FILE", value: { OutputValue($0.fact.fileName) }),
        ListingColumn(
            "rates", "RATES", .right, value: { OutputValue(count: $0.fact.rateCount) }),
        ListingColumn("currency", "CURRENCY", value: { OutputValue($0.fact.currency) }),
        ListingColumn(
            "interval", "INTERVAL",
            value: { row in
                .text("\(row.fact.firstSeconds)/\(row.fact.stepSeconds)")
            }),
        ListingColumn(
            "effective_from", "EFFECTIVE FROM", value: { .instant($0.fact.effectiveFrom) },
            cell: nil),
        ListingColumn(
            "loaded_at", "LOADED", rank: 1, isWhole: true, value: { OutputValue($0.at) }),
        ListingColumn("rounding", value: { OutputValue($0.fact.amountRounding) }),
        ListingColumn("decimals", value: { .unsigned(UInt64($0.fact.decimals)) }),
        ListingColumn(
            "peak",
            value: { row in
                row.fact.peak.isEmpty ? .none : OutputValue(row.fact.peak)
            }),
        ListingColumn("zone_s", value: { .integer($0.fact.zoneSeconds) }),
        ListingColumn(
            "deck_sha256", "SHA-256", rank: 3,
            value: { row in
                OutputValue(Digest(exactly: row.fact.sha256.bytes))
            }),
    ]
}
