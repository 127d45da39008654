import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct KPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kpi",
        abstract: "Key indicators: ASR, ABR, NER, ACD, PDD, SER, SEER and their like.",
        discussion: """
            Calls count by the instant of their seizure, once they are over. '-' means that there \
            was nothing to measure, which is not 0. BLOCKED is the share of requests that found \
            every channel taken, ERLANG-B what theory says of that traffic. The last line is the \
            calls of all of it over time. A narrow terminal shows the most important columns, \
            'trunkledger kpi | less -S' and --format json all of them.

              trunkledger kpi --from -1h
              trunkledger kpi --by carrier,hour --from 2026-11-22 --to 2026-11-23
              trunkledger kpi --by prefix --short 12s --format json
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var range: RangeChoice

    @Option(
        help: ArgumentHelp(
            "Lines apart by any of trunk, carrier, prefix, hour, or none for one line.",
            valueName: "list"))
    var by = "trunk,carrier"

    @Option(help: ArgumentHelp("Answered calls of less talk are short.", valueName: "span"))
    var short = SpanArgument(.seconds(6))

    func run() throws {
        let now = WallInstant.now
        let bounds = try range.bounds(output, now: now)
        let dimensions = try dimensions()
        let projections = try source.projections(CallDetailRecords.self)
        let reader = try source.reader()
        let from = try bounds.from ?? InstantLookup.firstInstant(of: reader)
        let to = bounds.to ?? now
        // Nothing of the range lies before its first event: there the index says how it began.
        let first = try InstantLookup.firstPosition(notBefore: from, in: reader)
        let begin = try first ?? reader.head().position.next
        let archive = try OccupancyArchive(ledger: source.path(), reader: reader)
        var report = QualityReport(
            by: dimensions, from: from, to: to, shortBelow: short.span,
            occupancy: try archive.occupancy(after: begin.previous))
        let kinds = Set(QualityReport.kinds.map { EventKind(rawValue: $0.rawValue) })
        let last = try InstantLookup.lastPosition(notAfter: to, in: reader)
        try reader.replay(kinds, from: begin, through: last) { view in
            report.apply(try LogEntry.read(view))
            return .next
        }
        let room = Terminal.current.width.map { $0 - 30 } ?? Sparkline.plainWidth
        let stretches = TimeStretches(from: min(from, to), to: to, count: max(1, room))
        var seized = [Double](repeating: 0, count: stretches.count)
        try projections.forEachRecord(closedIn: begin ... .newest) { row in
            report.add(row)
            if (from..<to).contains(row.seizedAt) { seized[stretches.index(of: row.seizedAt)] += 1 }
            return .next
        }
        var listing = try Listing(Self.columns(dimensions), output, to: StandardOutput())
        for line in report.lines() { listing.add(line) }
        listing.finish(empty: "no call and no traffic in that time")
        let rates = seized.map { $0 / max(stretches.seconds, 1) }
        if output.format == .table, let most = rates.max(), most > 0 {
            let standardOutput = StandardOutput()
            let line = Sparkline.text(rates, most: most)
            standardOutput.line("\ncalls  \(line)  up to \(Self.hundredths(most)) a second")
            standardOutput.flush()
        }
    }

    private func dimensions() throws(CommandFailure) -> Set<QualityDimension> {
        if by == "none" { return [] }
        var dimensions: Set<QualityDimension> = []
        for name in by.split(separator: ",") {
            guard let dimension = QualityDimension(rawValue: String(name)) else {
                throw .usage("'\(name)' after --by is none of trunk, carrier, prefix, hour")
            }
            dimensions.insert(dimension)
        }
        return dimensions
    }

    private static func columns(
        _ dimensions: Set<QualityDimension>
    ) -> [ListingColumn<QualityLine>] {
        let group: [(QualityDimension, ListingColumn<QualityLine>)] = [
            (.trunk, ListingColumn("trunk", "TRUNK", value: { OutputValue($0.group.trunk) })),
            (
                .carrier,
                ListingColumn("carrier", "CARRIER", value: { OutputValue($0.group.carrier) })
            ),
            (.prefix, ListingColumn("prefix", "PREFIX", value: { OutputValue($0.group.prefix) })),
            (.hour, ListingColumn("hour", "HOUR", value: { OutputValue($0.group.hour) })),
        ]
        return group.filter { dimensions.contains($0.0) }.map(\.1) + counts + ratios + traffic
    }

    private static let counts: [ListingColumn<QualityLine>] = [
        ListingColumn("bids", "BIDS", .right, rank: 5, value: { .unsigned($0.quality.bids) }),
        ListingColumn(
            "seizures", "CALLS", .right, value: { .unsigned($0.quality.seizures) }),
        ListingColumn(
            "answered", "ANSWERED", .right, rank: 4, value: { .unsigned($0.quality.answered) }),
    ]

    private static let ratios: [ListingColumn<QualityLine>] = [
        share("asr", "ASR", 0) { $0.asr }, share("abr", "ABR", 2) { $0.abr },
        share("ner", "NER", 1) { $0.ner },
        span("acd_ms", "ACD", 0) { $0.acdMilliseconds },
        span("pdd_ms", "PDD", 1) { $0.pddMilliseconds },
        share("ser", "SER", 3) { $0.ser }, share("seer", "SEER", 3) { $0.seer },
        share("isa", "ISA", 3) { $0.isa }, share("scr", "SCR", 3) { $0.scr },
        share("ira", "IRA", 6) { $0.ira }, span("sdd_ms", "SDD", 6) { $0.sddMilliseconds },
        share("short_call_ratio", "SHORT", 2) { $0.shortCalls },
        ListingColumn(
            "cps_peak", "CPS", .right, rank: 2,
            value: { .unsigned($0.quality.callsPerSecondPeak) }),
        share("blocking", "BLOCKED", 1) { $0.blocking },
        ListingColumn(
            "refusals", "REFUSED", rank: 5, isWhole: true,
            value: { line in
                .list(
                    reasons(line).map { reason, count in
                        .record([("reason", .text(reason)), ("count", .unsigned(count))])
                    })
            },
            cell: { line in
                let parts = reasons(line).map { "\($0) \($1)" }
                return TableCell(parts.isEmpty ? "-" : parts.joined(separator: ", "))
            }),
    ]

    /// The reasons for which no channel was given, the most frequent first.
    private static func reasons(_ line: QualityLine) -> [(String, UInt64)] {
        line.quality.refusals.map { ($0.key.description, $0.value) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    private static let traffic: [ListingColumn<QualityLine>] = [
        ListingColumn(
            "erlang_b", "ERLANG-B", .right, rank: 3,
            value: { number($0.theoreticalBlocking) },
            cell: { TableCell(PercentText.people($0.theoreticalBlocking)) }),
        ListingColumn(
            "erlang", "ERLANG", .right, rank: 1, value: { number($0.erlangs) },
            cell: { TableCell(hundredths($0.erlangs)) }),
        ListingColumn(
            "peak", "PEAK", .right, rank: 2, value: { OutputValue(count: $0.traffic?.peak) }),
        ListingColumn("cap", value: { OutputValue(count: $0.traffic?.cap) }),
        ListingColumn(
            "at_cap_ms", "AT CAP", .right, rank: 2,
            value: { $0.traffic.map { .integer($0.atCap.milliseconds) } ?? .none },
            cell: { line in
                TableCell(
                    line.traffic.map { SpanText.people(milliseconds: $0.atCap.milliseconds) }
                        ?? "-")
            }),
    ]

    private static func share(
        _ name: String, _ heading: String, _ rank: Int,
        _ share: @escaping @Sendable (CallQuality) -> Share
    ) -> ListingColumn<QualityLine> {
        ListingColumn(
            name, heading, .right, rank: rank, value: { number(share($0.quality).value) },
            cell: { TableCell(PercentText.people(share($0.quality).value)) })
    }

    private static func span(
        _ name: String, _ heading: String, _ rank: Int,
        _ milliseconds: @escaping @Sendable (CallQuality) -> Int64?
    ) -> ListingColumn<QualityLine> {
        ListingColumn(
            name, heading, .right, rank: rank,
            value: { milliseconds($0.quality).map { .integer($0) } ?? .none },
            cell: { line in
                TableCell(
                    milliseconds(line.quality).map { SpanText.people(milliseconds: $0) } ?? "-")
            })
    }

    private static func number(_ value: Double?) -> OutputValue {
        value.map { .number($0) } ?? .none
    }

    /// `7.25`.
    private static func hundredths(_ value: Double?) -> String {
        guard let value else { return "-" }
        let hundredths = Int64((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
