public import TrunkEvents

/// Holds a carrier's invoice against our own calls.
///
/// ```
/// measure -> read lines and calls of a partition -> study clock and increment (first one only)
///                ^                                     -> pair one to one -> judge each
///                +----------------------- next partition <------------------------+
/// ```
/// A large invoice is read once for each partition of the numbers called, so that memory stays
/// bounded; the first partition is a fair sample of the whole.
public struct Reconciliation: Sendable {
    /// Whose calls the invoice bills.
    public struct Terms: Hashable, Sendable {
        /// `nil`: the only one there is.
        public var carrier: CarrierName?
        public var direction: CallDirection
        /// Calls outside are not missed; `nil`: the first and the last line's moment.
        public var from: WallInstant?
        public var to: WallInstant?

        public init(
            carrier: CarrierName? = nil, direction: CallDirection = .outbound,
            from: WallInstant? = nil, to: WallInstant? = nil
        ) {
            self.carrier = carrier
            self.direction = direction
            self.from = from
            self.to = to
        }
    }

    /// Lines held at once: about 200 bytes each with their calls.
    public static let linesAtOnceMax = 1 << 20

    private let file: InputFile
    private let template: InvoiceTemplate
    private let terms: Terms
    private let book: RatingBook
    private let linesAtOnce: Int

    public init(
        invoice file: InputFile, template: InvoiceTemplate, terms: Terms, book: RatingBook,
        linesAtOnce: Int = linesAtOnceMax
    ) {
        precondition(linesAtOnce > 0, "at least one line is held")
        self.file = file
        self.template = template
        self.terms = terms
        self.book = book
        self.linesAtOnce = linesAtOnce
    }

    /// - Parameters:
    ///   - records: hands out all of our CDRs, as often as it is called.
    ///   - take: takes every finding, exact ones too; a partition's in the order of the invoice.
    /// - Throws: ``InputError`` before any finding is handed out, ``ReconciliationError``.
    public func report(
        records: ((CDRRow) -> Void) throws -> Void,
        take: (Finding) throws -> Void = { _ in }
    ) throws -> ReconciliationReport {
        let measure = try InvoiceMeasure(of: file)
        let count = 1 + measure.lineEnds / linesAtOnce
        var choice = OwnCallChoice(terms, template, book)
        var partition = try NumberPartition(file, template, number: 0, of: count)
        try partition.takeCalls(records, &choice, number: 0, of: count)
        let study = Study(&partition, hintSeconds: template.zoneSeconds)
        var report = begin(study, partition, measure, choice)
        for number in 0..<count {
            if number > 0 {
                partition = try NumberPartition(file, template, number: number, of: count)
                try partition.takeCalls(records, &choice, number: number, of: count)
                if study.isByCalledOnly { partition.forgetCallers() }
            }
            report.count(partition)
            let period = report.from...max(report.from, report.to)
            try judge(partition, study, missedIn: period) { finding in
                report.add(finding)
                try take(finding)
            }
        }
        return report
    }

    private func begin(
        _ study: Study, _ partition: NumberPartition, _ measure: InvoiceMeasure,
        _ choice: OwnCallChoice
    ) -> ReconciliationReport {
        let clock = study.clock
        let first = clock.instant(ofStamp: partition.stamps.lowerBound)
        let last = clock.instant(ofStamp: partition.stamps.upperBound) + clock.precision
        return ReconciliationReport(
            fileName: String(file.path.split(separator: "/").last ?? ""), sha256: measure.sha256,
            template: template.name, carrier: choice.carrier, direction: terms.direction,
            currency: choice.currency, summary: partition.summary,
            from: terms.from ?? WallInstant(nanoseconds: first * 1_000_000),
            to: terms.to ?? WallInstant(nanoseconds: last * 1_000_000), basis: clock.basis,
            isWholeMinute: clock.isWholeMinute, isByCalledOnly: study.isByCalledOnly,
            clocks: ClockRun.runs(clock), dayClocks: clock.aheadByDay, inferred: study.inferred,
            contract: study.contract)
    }

    /// Every line that bills something, in the order of the file, then what it lacks.
    private func judge(
        _ partition: NumberPartition, _ study: Study, missedIn period: ClosedRange<WallInstant>,
        _ body: (Finding) throws -> Void
    ) rethrows {
        let (lines, calls) = (partition.lines, partition.calls)
        let judgement = Judgement(
            clock: study.clock, interval: study.inferred?.interval, nodes: partition.nodes)
        let pairing = Pairing(lines, calls, study.clock)
        let order = lines.indices.sorted { lines[$0].number < lines[$1].number }
        for index in order where lines[index].isBilled {
            let line = lines[index]
            let partner = Int(pairing.partners[index])
            switch pairing.links[index] {
            case .answered: try body(judgement.paired(line, with: calls[partner]))
            case .unanswered: try body(judgement.unfounded(line, .unanswered, calls[partner]))
            case .none: try body(judgement.unfounded(line, .missingOurs))
            case .duplicate:
                var copy = judgement.unfounded(line, .duplicate)
                copy.original = Int(lines[partner].number)
                try body(copy)
            }
        }
        for index in calls.indices where calls[index].isAnswered && !pairing.isCallTaken[index] {
            let missing = judgement.missing(calls[index])
            if let at = missing.startedAt, period.contains(at) { try body(missing) }
        }
    }
}
