import TrunkEvents

/// The report in words, for the terminal and the page.
public enum ReconciliationText {
    public static func verdict(_ report: ReconciliationReport) -> String {
        let lines = report.summary.lineCount - report.unbilledCount
        let exact = report.total(.exact).count
        guard report.hasFindings else {
            return "All \(lines) lines that bill something are as we measured them."
        }
        let money = report.summary.hasAmounts ? "\(amount(report, report.stake)) at stake; " : ""
        return money + "\(exact) of \(lines) lines that bill something are as we measured them."
    }

    /// What was compared and what was found out about the carrier's ways.
    public static func facts(_ report: ReconciliationReport) -> [(name: String, text: String)] {
        var facts = [
            ("invoice", "\(report.summary.lineCount) lines, \(report.summary.seconds) s"),
            ("period (UTC)", "\(report.from.utcText) to \(report.to.utcText)"),
            ("our answered calls", "\(report.ownCallCount)"),
        ]
        if report.summary.hasAmounts {
            facts[0].1 += ", \(amount(report, report.summary.amount))"
        }
        if let carrier = report.carrier {
            facts.insert(("carrier", "\(carrier), \(report.direction)"), at: 0)
        }
        if report.unbilledCount > 0 {
            facts.append(("attempts that bill nothing", "\(report.unbilledCount)"))
        }
        if report.summary.skippedCount > 0 {
            facts.append(("rows left aside", "\(report.summary.skippedCount)"))
        }
        return facts + ways(report)
    }

    private static func ways(_ report: ReconciliationReport) -> [(name: String, text: String)] {
        var facts = report.clocks.map { run in ("clock", text(run)) }
        if facts.isEmpty { facts.append(("clock", "could not be told: too few calls agree")) }
        let stamps = report.isWholeMinute ? "whole minutes" : "seconds"
        facts.append(("stamps", "\(stamps), of the \(report.basis.rawValue)"))
        if report.isByCalledOnly {
            facts.append(("compared by", "called number only: the callers shown are not ours"))
        }
        if let inferred = report.inferred {
            let share = 100 * Double(inferred.explained) / Double(inferred.of)
            let tenths = Int64((share * 10).rounded(.down))
            facts.append(
                (
                    "they bill by",
                    "\(inferred.interval), which explains \(tenths / 10).\(tenths % 10)% of "
                        + "\(inferred.of) calls"
                ))
        }
        if let contract = report.contract { facts.append(("the deck says", "\(contract)")) }
        return facts
    }

    /// `UTC+02:00, 3 s ahead, 2026-11-01 to 2026-11-30`.
    static func text(_ run: ClockRun) -> String {
        let minutes = run.zoneSeconds.magnitude / 60
        let two = { (value: UInt64) in value < 10 ? "0\(value)" : "\(value)" }
        let sign = run.zoneSeconds < 0 ? "-" : "+"
        let seconds = run.aheadMilliseconds / 1_000
        let clock =
            seconds == 0 ? "right" : "\(seconds.magnitude) s \(seconds > 0 ? "ahead" : "behind")"
        return "UTC\(sign)\(two(minutes / 60)):\(two(minutes % 60)), \(clock), "
            + "\(run.firstDayText) to \(run.lastDayText)"
    }

    private static func amount(_ report: ReconciliationReport, _ money: Money) -> String {
        money.description + (report.currency.map { " \($0)" } ?? "")
    }
}

extension Finding.Kind {
    public var title: String {
        switch self {
        case .exact: "exact"
        case .rounding: "rounding only"
        case .rate: "rate"
        case .duration: "duration"
        case .missingTheirs: "missing theirs"
        case .missingOurs: "missing ours"
        case .duplicate: "duplicate billed"
        case .unanswered: "billed but unanswered"
        case .hung: "hung call"
        }
    }

    /// What puts a line into the class.
    var rule: String {
        switch self {
        case .exact: "The seconds are those of the increment, and the amount those of the rate."
        case .rounding:
            "Talk that differs by at most 2 seconds explains the seconds, by the contract's "
                + "increment or by theirs; or the amount is off by its last decimal."
        case .rate: "The seconds agree, the price for them does not."
        case .duration: "More or fewer seconds than any rounding of the talk explains."
        case .missingTheirs: "We have an answered call that the invoice lacks."
        case .missingOurs: "No call of ours is near: neither answered nor tried."
        case .duplicate: "Another line bills the same call: same numbers, seconds and time."
        case .unanswered: "We tried this call, and nobody answered it."
        case .hung: "Billed for 5 minutes or more after our end: the carrier never saw it."
        }
    }
}
