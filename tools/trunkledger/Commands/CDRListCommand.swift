import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct CDRListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List call records, oldest first.",
        discussion: """
            The table shows the most asked for; json, ndjson and csv have every field. Where rate \
            decks are loaded, each record has its newest price.

              trunkledger cdr list --from -1h
              trunkledger cdr list --trunk alpha-1 --disposition CARRIER_FULL
              trunkledger cdr list --from 2026-11-22 --format csv > calls.csv
              trunkledger cdr list --open
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var range: RangeChoice

    @Option(help: "Only this trunk.")
    var trunk: String?

    @Option(help: "Only this call id.")
    var call: CallArgument?

    @Option(help: "Only this disposition, e.g. ANSWERED.")
    var disposition: DispositionArgument?

    @Flag(
        help: "Answered calls that go on instead, as if they ended now: revision 0, flag interim.")
    var open = false

    func run() throws {
        let bounds = try range.bounds(output, now: .now)
        let projections = try source.projections(
            CallDetailRecords.self, OccupancyHistory.self, RateDeckHistory.self)
        let trunk = try TrunkChoice.find(trunk, in: projections.occupancy)
        let book = try source.ratingBook(of: projections)
        var listing = try Listing(
            RatedColumns.listing(isRated: !book.isEmpty), output, to: StandardOutput())
        let add = { (row: CDRRow) in
            let isWanted =
                (bounds.from.map { row.seizedAt >= $0 } ?? true)
                && (bounds.to.map { row.seizedAt < $0 } ?? true)
                && (trunk == nil || row.trunk == trunk)
                && (call == nil || row.call == call?.id)
                && (disposition == nil || row.disposition == disposition?.value)
            if isWanted { listing.add(book.newest(of: row)) }
        }
        if open {
            for row in projections.records.interimRows() { add(row) }
        } else {
            // A record is closed by an event, and none of the range lies before its first.
            let first = try bounds.from.map {
                try InstantLookup.firstPosition(notBefore: $0, in: source.reader()) ?? .newest
            }
            try projections.forEachRecord(closedIn: (first ?? .first) ... .newest) { row in
                add(row)
                return .next
            }
        }
        listing.finish(empty: open ? "no answered call goes on" : "no call records here")
    }
}

/// A call id on the command line.
struct CallArgument: ExpressibleByArgument {
    var id: CallID

    init?(argument: String) {
        guard let id = CallID(argument) else { return nil }
        self.id = id
    }
}

/// A disposition on the command line, in capitals or not.
struct DispositionArgument: ExpressibleByArgument {
    var value: Disposition

    init?(argument: String) {
        let name = argument.uppercased()
        guard let value = Disposition.allCases.first(where: { $0.description == name }) else {
            return nil
        }
        self.value = value
    }

    static var allValueStrings: [String] { Disposition.allCases.map(\.description) }
}

/// A call record's fields in the shape of a listing.
enum CDRColumns {
    static let listing: [ListingColumn<CDRRow>] = CDRColumn.allCases.map { column in
        let value = { @Sendable (row: CDRRow) in OutputValue(row[column]) }
        guard let looks = looks[column] else {
            return ListingColumn(column.rawValue, value: value)
        }
        return ListingColumn(
            column.rawValue, looks.heading, looks.isNumber ? .right : .left, rank: looks.rank,
            value: value, cell: cell(column))
    }

    private static let looks: [CDRColumn: (heading: String, isNumber: Bool, rank: Int)] = [
        .id: ("CDR", false, 0), .trunk: ("TRUNK", false, 0),
        .direction: ("DIRECTION", false, 3), .aE164: ("FROM", false, 2),
        .bE164: ("TO", false, 0), .seizedAt: ("SEIZED", false, 0),
        .setup: ("SETUP", true, 1), .talk: ("TALK", true, 0),
        .disposition: ("DISPOSITION", false, 0), .code: ("SIP", true, 1),
        .endedBy: ("ENDED BY", false, 4),
    ]

    private static func cell(_ column: CDRColumn) -> (@Sendable (CDRRow) -> TableCell)? {
        switch column {
        case .setup: { TableCell(SpanText.people(milliseconds: $0.setupMilliseconds)) }
        case .talk: { TableCell(SpanText.people(milliseconds: $0.talkMilliseconds)) }
        case .disposition: { TableCell($0.disposition.description, Tint($0.disposition)) }
        default: nil
        }
    }
}

extension Tint {
    init(_ disposition: Disposition) {
        switch disposition {
        case .answered: self = .good
        case .busy, .noAnswer, .cancelled: self = .none
        case .rejected, .carrierFull: self = .warning
        case .failed: self = .bad
        }
    }
}

extension OutputValue {
    init(_ value: CDRValue) {
        switch value {
        case .none: self = .none
        case .text(let text): self = .text(text)
        case .octets, .name, .record, .call, .endpoint: self = .text(value.text)
        case .integer(let value): self = .integer(value)
        case .position(let value): self = .unsigned(value)
        case .instant(let instant): self = .instant(instant)
        case .list(let items): self = .list(items.map { .text($0) })
        }
    }
}
