import ArgumentParser
import Projections
import Recorder
import TrunkEvents

struct UptimeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uptime",
        abstract: "Per carrier and trunk: up, down, unknown, and every outage.",
        discussion: """
            AVAILABILITY is up time over the time in which the state was known. Time without the \
            agent, or before the first evidence, is unknown. Without --from the report begins \
            with the log.

            Maintenance windows count neither as up nor as down: those that the trunks had in \
            the configuration, for as long as they stood there (the log holds them), or, with \
            --config, those of that file for all time; and those of --exclude. An outage shorter \
            than --minimum-outage counts as up.

              trunkledger uptime --from -24h
              trunkledger uptime --from -30d --minimum-outage 30s
              trunkledger uptime --exclude 'sun 02:00-04:00 -05:00'
              trunkledger uptime --from 2026-11-01 --to 2026-12-01 --format json
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var range: RangeChoice

    @Option(
        help: ArgumentHelp(
            "Leave these out: FROM/TO in RFC 3339, or hours of the week as 'sun 02:00-04:00 "
                + "-05:00' (UTC without a zone).", valueName: "window"))
    var exclude: [WindowArgument] = []

    @Option(help: ArgumentHelp("A shorter outage is none.", valueName: "span"))
    var minimumOutage = SpanArgument(.zero)

    func run() throws {
        let now = WallInstant.now
        let bounds = try range.bounds(output, now: now)
        let projections = try source.projections(CarrierUptime.self)
        let reports = UptimeReport.reports(
            closed: try projections.uptimeSpans(), uptime: projections.uptime,
            from: bounds.from ?? WallInstant(nanoseconds: 0), to: bounds.to ?? now, now: now,
            exclusions: try exclusions())
        let standardOutput = StandardOutput()
        var listing = try Listing(Self.columns, output, to: standardOutput)
        for report in reports { listing.add(report) }
        listing.finish(empty: "nothing is known of any trunk in that time")
        if output.format == .table { try showOutages(reports, to: standardOutput) }
    }

    private func exclusions() throws -> UptimeExclusions {
        var exclusions = UptimeExclusions()
        exclusions.everywhere = exclude.map(\.window)
        exclusions.minimumOutage = minimumOutage.span
        if let file = source.config {
            exclusions.ofTrunks = try RecorderConfiguration.maintenance(inFile: file)
        }
        return exclusions
    }

    private func showOutages(_ reports: [UptimeReport], to standardOutput: StandardOutput) throws {
        let outages = reports.flatMap { report in
            report.outages.map { TrunkOutage(subject: report.subject, outage: $0) }
        }
        guard !outages.isEmpty else { return }
        standardOutput.line("")
        var listing = try Listing(TrunkOutage.columns, output, to: standardOutput)
        for outage in outages.sorted(by: { $0.outage.from < $1.outage.from }) {
            listing.add(outage)
        }
        listing.finish(empty: "")
    }

    private static let columns: [ListingColumn<UptimeReport>] = [
        ListingColumn("carrier", "CARRIER", value: { OutputValue($0.subject.carrier) }),
        ListingColumn(
            "trunk", "TRUNK", value: { OutputValue($0.subject.trunk) },
            cell: { TableCell($0.subject.trunk?.description ?? "(all)") }),
        ListingColumn(
            "state", "STATE", value: { OutputValue($0.state) },
            cell: { TableCell($0.state.description, Tint($0.state)) }),
        ListingColumn(
            "up_s", "UP", .right, value: { seconds($0.up) }, cell: { span($0.up) }),
        ListingColumn(
            "down_s", "DOWN", .right, value: { seconds($0.down) }, cell: { span($0.down) }),
        ListingColumn(
            "unknown_s", "UNKNOWN", .right, rank: 2, value: { seconds($0.unknown) },
            cell: { span($0.unknown) }),
        ListingColumn(
            "excluded_s", "EXCLUDED", .right, rank: 3, value: { seconds($0.excluded) },
            cell: { span($0.excluded) }),
        ListingColumn(
            "availability", "AVAILABILITY", .right,
            value: { $0.availability.map { .number($0) } ?? .none },
            cell: { TableCell(PercentText.people($0.availability)) }),
        ListingColumn(
            "outages", "OUTAGES", .right, value: { .list($0.outages.map(outage)) },
            cell: { TableCell(String($0.outages.count)) }),
        ListingColumn("cause", "BECAUSE", rank: 1, value: { OutputValue($0.cause) }),
    ]

    private static func outage(_ outage: UptimeReport.Outage) -> OutputValue {
        .record([
            ("from", .instant(outage.from)), ("to", .instant(outage.to)),
            ("cause", OutputValue(outage.cause)),
        ])
    }

    /// Seconds, to the millisecond.
    private static func seconds(_ span: Nanoseconds) -> OutputValue {
        .number(Double(span.milliseconds) / 1_000)
    }

    private static func span(_ span: Nanoseconds) -> TableCell {
        TableCell(SpanText.people(milliseconds: span.milliseconds))
    }
}

/// An outage and whose it was.
private struct TrunkOutage {
    var subject: UptimeSubject
    var outage: UptimeReport.Outage

    static let columns: [ListingColumn<TrunkOutage>] = [
        ListingColumn("from", "DOWN FROM", value: { .instant($0.outage.from) }),
        ListingColumn("to", "TO", value: { .instant($0.outage.to) }),
        ListingColumn(
            "length", "FOR", .right, value: { OutputValue($0.length) },
            cell: { TableCell($0.length) }),
        ListingColumn("carrier", "CARRIER", rank: 2, value: { OutputValue($0.subject.carrier) }),
        ListingColumn(
            "trunk", "TRUNK", value: { OutputValue($0.subject.trunk) },
            cell: { TableCell($0.subject.trunk?.description ?? "(all)") }),
        ListingColumn("cause", "BECAUSE", rank: 1, value: { OutputValue($0.outage.cause) }),
    ]

    var length: String {
        SpanText.people(milliseconds: outage.from.duration(to: outage.to).milliseconds)
    }
}

/// A maintenance window on the command line.
struct WindowArgument: ExpressibleByArgument {
    var window: MaintenanceWindow

    init?(argument: String) {
        guard let window = MaintenanceWindow(argument) else { return nil }
        self.window = window
    }
}
