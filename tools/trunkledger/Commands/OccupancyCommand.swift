import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct OccupancyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "occupancy",
        abstract: "Channels in use: now, at an instant, or step by step over a range.",
        discussion: """
              trunkledger occupancy
              trunkledger occupancy --at '2026-11-22 14:03'
              trunkledger occupancy --from -5m --trunk alpha-1
              trunkledger occupancy --from 14:00 --to 15:00 --by carrier
              trunkledger occupancy --from -1d --html yesterday.html

            Over a range, the first lines say how it began; each further line is one channel \
            taken or given back. PEAK is the most held at once up to then (within the range, \
            where one is given; a carrier's is known over a range only). IN and OUT are the \
            directions of the calls. Below the table the range is one line for each trunk, its \
            highest mark the cap. 'trunkledger kpi' has the time at the cap, what was blocked and \
            why, and Erlang-B beside it.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var range: RangeChoice

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("At this instant.", valueName: "instant"))
    var at: String?

    @Option(help: "Only this trunk.")
    var trunk: String?

    @Option(help: "Lines for each trunk, or for each carrier with its trunks taken together.")
    var by = Whole.trunk

    @Option(
        help: ArgumentHelp(
            "Plot the range into this HTML file too, which needs no network.", valueName: "file"))
    var html: String?

    enum Whole: String, ExpressibleByArgument, CaseIterable { case trunk, carrier }

    func validate() throws {
        if at != nil, range.from != nil || range.to != nil {
            throw ValidationError("--at goes without --from and --to")
        }
        if html != nil, range.from == nil, range.to == nil {
            throw ValidationError("--html plots a range: give --from")
        }
    }

    func run() throws {
        let now = WallInstant.now
        let bounds = try range.bounds(output, now: now)
        let instant = try output.instant(at, option: "--at", now: now)
        let archive = try OccupancyArchive(ledger: source.path(), reader: source.reader())
        let trunk = try TrunkChoice.find(trunk, in: archive.newest)
        let readings: [OccupancyReading]
        if let instant {
            readings = try archive.occupancy(at: instant).readings(at: instant)
        } else if bounds.from == nil, bounds.to == nil {
            readings = archive.newest.readings(at: now)
        } else {
            readings = try archive.steps(from: bounds.from, to: bounds.to, trunk: trunk)
        }
        let wanted = readings.filter { trunk == nil || $0.trunk == trunk }
        let end = bounds.to ?? now
        if let html, let start = bounds.from ?? wanted.first?.at {
            try OccupancyPage(wanted, from: start, to: end).write(to: html)
        }
        try show(wanted)
        if instant == nil, output.format == .table, bounds.from != nil || bounds.to != nil {
            showCurves(wanted, from: bounds.from, to: end)
        }
    }

    private func show(_ readings: [OccupancyReading]) throws {
        switch by {
        case .trunk:
            var listing = try Listing(Self.columns, output, to: StandardOutput())
            for reading in readings { listing.add(reading) }
            listing.finish(empty: "no trunk was configured then")
        case .carrier:
            let isRange = range.from != nil || range.to != nil
            var listing = try Listing(
                Self.carrierColumns(knowPeak: isRange), output, to: StandardOutput())
            for reading in CarrierOccupancy.readings(of: readings) { listing.add(reading) }
            listing.finish(empty: "no trunk was configured then")
        }
    }

    /// Each trunk's peaks over the range in one line, against its cap.
    private func showCurves(
        _ readings: [OccupancyReading], from: WallInstant?, to end: WallInstant
    ) {
        guard let start = from ?? readings.first?.at, start < end else { return }
        let name = readings.map(\.trunk.description.count).max() ?? 0
        let room = Terminal.current.width.map { $0 - name - 24 } ?? Sparkline.plainWidth
        let stretches = TimeStretches(from: start, to: end, count: max(1, room))
        let standardOutput = StandardOutput()
        standardOutput.line("")
        for curve in OccupancyCurve.curves(of: readings, stretches) {
            let line = Sparkline.text(curve.peaks.map(Double.init), most: Double(curve.cap))
            let padding = String(repeating: " ", count: name - curve.trunk.description.count)
            standardOutput.line(
                "\(curve.trunk)\(padding)  \(line)  peak \(curve.peaks.max() ?? 0) of \(curve.cap)")
        }
        standardOutput.flush()
    }

    private static let columns: [ListingColumn<OccupancyReading>] = [
        ListingColumn("trunk", "TRUNK", value: { OutputValue($0.trunk) }),
        ListingColumn("carrier", "CARRIER", rank: 1, value: { OutputValue($0.carrier) }),
        ListingColumn("in_use", "IN USE", .right, value: { OutputValue(count: $0.inUse) }),
        ListingColumn("cap", "CAP", .right, value: { OutputValue(count: $0.cap) }),
        ListingColumn("peak", "PEAK", .right, value: { OutputValue(count: $0.peak) }),
        ListingColumn("at", "AT", value: { .instant($0.at) }),
        ListingColumn(
            "inbound", "IN", .right, rank: 2, value: { OutputValue(count: $0.inbound) }),
        ListingColumn(
            "outbound", "OUT", .right, rank: 2, value: { OutputValue(count: $0.outbound) }),
    ]

    private static func carrierColumns(
        knowPeak: Bool
    ) -> [ListingColumn<CarrierOccupancy>] {
        [
            ListingColumn("carrier", "CARRIER", value: { OutputValue($0.carrier) }),
            ListingColumn("in_use", "IN USE", .right, value: { OutputValue(count: $0.inUse) }),
            ListingColumn("cap", "CAP", .right, value: { OutputValue(count: $0.cap) }),
            ListingColumn(
                "peak", "PEAK", .right, value: { OutputValue(count: knowPeak ? $0.peak : nil) }),
            ListingColumn("at", "AT", value: { .instant($0.at) }),
            ListingColumn(
                "inbound", "IN", .right, rank: 2, value: { OutputValue(count: $0.inbound) }),
            ListingColumn(
                "outbound", "OUT", .right, rank: 2, value: { OutputValue(count: $0.outbound) }),
        ]
    }
}

extension LogEntry {
    /// - Throws: ``CommandFailure`` that names the event which cannot be read.
    static func read(_ view: borrowing EventView) throws(CommandFailure) -> LogEntry {
        do {
            return try LogEntry(view)
        } catch {
            throw CommandFailure(
                .unusableLedger,
                "event \(view.position) cannot be read (\(error)); use a version at least as new "
                    + "as the one that wrote it, or look with 'trunkledger verify'")
        }
    }
}
