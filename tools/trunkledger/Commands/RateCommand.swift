import ArgumentParser

struct RateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate",
        abstract: "Rate decks: load a carrier's prices, list them, ask what a call costs.",
        discussion: """
            A deck is a CSV file whose first line names its columns: prefix and rate (a minute) at \
            least. Known as well: rate_offpeak, rate_inter, rate_intra, rate_indeterminate, \
            connection_fee, first_interval, increment (or 30/6), effective_from, effective_to.

            Once a deck is loaded, 'cdr list' and 'cdr show' have rated_s, rate, amount, currency \
            and deck_sha256. A deck loaded later for earlier calls is a new revision of them.
            """,
        subcommands: [RateLoadCommand.self, RateListCommand.self, RateQuoteCommand.self])
}
