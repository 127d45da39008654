import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "The raw facts, in the order in which they were recorded.",
        discussion: """
              trunkledger events --from -5m
              trunkledger events --call 0195c1a2b3c00001 --format json
              trunkledger events --kind channelRefused --trunk alpha-1
              trunkledger events --follow

            json and ndjson have every field: position, time, kind, stream, then the kind's own. \
            The table cuts SIP messages to their first line.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var range: RangeChoice

    @Option(help: "Only facts about this trunk.")
    var trunk: String?

    @Option(help: "Only this call: its id, 16 hexadecimal digits.")
    var call: CallArgument?

    @Option(help: "Only this kind, e.g. channelSeized; may be repeated.")
    var kind: [KindArgument] = []

    @Flag(
        name: .shortAndLong,
        help: "Wait for new facts until interrupted; without --from, show only new ones.")
    var follow = false

    func run() throws {
        let bounds = try range.bounds(output, now: .now)
        if let trunk, TrunkName(trunk) == nil {
            throw CommandFailure.usage("'\(trunk)' is no trunk's name; 'status' shows the names")
        }
        var query = query(from: bounds.from, to: bounds.to)
        let wanted = trunk.flatMap { TrunkName($0) }
        let reader = try source.reader()
        var printer = try EventPrinter(output)
        let body = { (view: borrowing EventView) throws -> ReadStep in
            let row = EventRow(try LogEntry.read(view))
            if wanted.map({ row.concerns($0) }) ?? true { printer.add(row) }
            return .next
        }
        if follow {
            if bounds.from == nil { query.from = try reader.head().position.next }
            try reader.follow(query, until: { StandardOutput.isAbandoned }) {
                let step = try body($0)
                printer.showSoFar()
                return step
            }
        } else {
            try reader.read(query, body)
        }
        printer.finish()
    }

    /// What the envelope can tell is asked before a payload is decoded. `to` itself is left out.
    private func query(from: WallInstant?, to: WallInstant?) -> EventQuery {
        let first = from?.nanoseconds ?? .min
        let end = to?.nanoseconds ?? .max
        var query = EventQuery()
        if let call { query.streams = [StreamID(rawValue: FactStream(call.id).rawValue)] }
        if !kind.isEmpty {
            query.kinds = Set(kind.map { EventKind(rawValue: $0.kind.rawValue) })
        }
        if from == nil, to == nil { return query }
        // Nothing lies in a range without an instant.
        if first >= end { query.through = .zero } else { query.wallTimes = first...end - 1 }
        return query
    }
}

/// A kind of fact on the command line.
struct KindArgument: ExpressibleByArgument {
    var kind: FactKind

    init?(argument: String) {
        let name = argument.lowercased()
        guard let kind = FactKind.allCases.first(where: { $0.description.lowercased() == name })
        else { return nil }
        self.kind = kind
    }

    static var allValueStrings: [String] { FactKind.allCases.map(\.description) }
}

/// Events have fields of their own each, so that JSON is not a listing's.
private struct EventPrinter {
    private let format: OutputFormat
    private let standardOutput = StandardOutput()
    private var listing: Listing<EventRow>
    private var count = 0

    init(_ output: OutputChoice) throws {
        format = output.format
        listing = try Listing(EventRow.columns, output, to: standardOutput)
    }

    mutating func add(_ row: EventRow) {
        switch format {
        case .table, .csv: listing.add(row)
        case .json: standardOutput.write((count == 0 ? "[\n" : ",\n") + row.value.jsonText)
        case .ndjson: standardOutput.line(row.value.jsonText)
        }
        count += 1
    }

    mutating func showSoFar() {
        listing.showSoFar()
    }

    mutating func finish() {
        switch format {
        case .table, .csv: listing.finish(empty: "no facts here")
        case .json: standardOutput.write(count == 0 ? "[]\n" : "\n]\n")
        case .ndjson: break
        }
        standardOutput.flush()
    }
}
