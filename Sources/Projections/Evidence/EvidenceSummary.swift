import Ledger
import TrunkEvents

/// The page of an evidence pack that people read. It needs no network.
///
/// The checker holds cells with `data-cdr` and `data-claim`, the first three of each fact's row,
/// and the ladder to the proved facts; the rest of the page explains.
struct EvidenceSummary {
    private let told: EvidenceCase
    private let claim: EvidenceClaim?
    private let ladder: String

    init(_ told: EvidenceCase, _ claim: EvidenceClaim?, ladder: String) {
        self.told = told
        self.claim = claim
        self.ladder = ladder
    }

    var page: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Call \(told.ladder.call)</title>
        <style>
        body { font: 15px/1.5 sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em }
        table { border-collapse: collapse } td, th { padding: .1em .8em .1em 0; text-align: left }
        td, pre { font-family: monospace; font-size: 13px } pre { overflow-x: auto }
        td { vertical-align: top; overflow-wrap: anywhere }
        </style></head><body>
        <h1>Call \(told.ladder.call)</h1>
        <p>\(told.ladder.direction), \(text(told.ladder.caller)) to \(text(told.ladder.called)), \
        over \(text(told.trunks.map(\.description).joined(separator: ", "))). Times are UTC.</p>
        \(disputed)\(records)
        <h2>Ladder</h2>
        <pre>\(text(ladder))</pre>
        <h2>Facts</h2>
        <p>Each is proved against the checkpoint below; its bytes are in proofs/.</p>
        <table><tr><th>position</th><th>time</th><th>kind</th><th>says</th></tr>
        \(facts)</table>
        <h2>Trunks around the call</h2>
        \(outages)
        <h2>Clock</h2>
        \(clock)
        <h2>Checkpoint</h2>
        <pre>\(text(String(decoding: told.head.encoded, as: UTF8.self)))</pre>
        <p>Key: <code>\(text(told.key))</code>. Check all of this with: python3 check.py</p>
        </body></html>

        """
    }

    private var disputed: String {
        guard let claim else { return "" }
        let cells = claim.fields.map { name, value in
            "<tr><th>\(name)</th><td data-claim=\"\(name)\">\(text(value.line))</td></tr>\n"
        }
        return "<h2>Disputed: line \(claim.line) of \(text(claim.invoice))</h2>\n"
            + "<table>\(cells.joined())</table>\n"
    }

    private var records: String {
        guard !told.records.isEmpty else {
            return "<h2>Record</h2><p>None: the call got no channel of any trunk.</p>"
        }
        return told.records.enumerated().map { index, row in
            let cells = CDRColumn.allCases.map { column in
                "<tr><th>\(column.rawValue)</th><td data-cdr=\"\(index + 1).\(column.rawValue)\">"
                    + "\(text(row[column].text))</td></tr>\n"
            }
            return "<h2>Record \(text(row.id))</h2>\n<table>\(cells.joined())</table>"
        }.joined(separator: "\n")
    }

    private var facts: String {
        told.facts.map { fact in
            let says = FactFields(fact.event).members.compactMap { name, value in
                name == "call" || value.line.isEmpty ? nil : "\(name)=\(value.line)"
            }.joined(separator: " ")
            return "<tr><td>\(fact.position)</td><td>\(fact.wall.utcText)</td>"
                + "<td>\(fact.event.kind)</td><td>\(text(says))</td></tr>\n"
        }.joined()
    }

    private var outages: String {
        let rows = told.outages.flatMap { report in
            report.outages.map { outage in
                "<tr><td>\(text(report.subject.trunk?.description ?? ""))</td>"
                    + "<td>\(outage.from.utcText)</td><td>\(outage.to.utcText)</td>"
                    + "<td>\(text(outage.cause))</td></tr>\n"
            }
        }
        let window = "from 24 hours before the call to 24 hours after it"
        guard !rows.isEmpty else { return "<p>No outage was seen \(window).</p>" }
        return "<p>Down \(window), as the recorder concluded from more facts than are here:</p>\n"
            + "<table><tr><th>trunk</th><th>from</th><th>to</th><th>because</th></tr>\n"
            + rows.joined() + "</table>"
    }

    private var clock: String {
        let boots = Set(told.call.map(\.stamp.boot)).count
        let began = told.call.first?.position ?? .zero
        let ended = told.call.last?.position ?? .zero
        let steps = told.context.compactMap { fact -> String? in
            guard case .clockStepped(let step) = fact.event else { return nil }
            let place =
                fact.position < began ? "before" : fact.position > ended ? "after" : "during"
            return "<li>\(place) the call, at \(fact.wall.utcText): "
                + "\(step.step.milliseconds) ms</li>\n"
        }
        let uncertain = told.records.filter { $0.endUncertaintyMilliseconds > 0 }.map {
            "<li>\(text($0.id)): its end lies between t_end and "
                + "\($0.endUncertaintyMilliseconds) ms later</li>\n"
        }
        return """
            <p>Times of day are those of the recorder's clock; durations are measured on a clock \
            that never steps. The call was recorded by \(boots) run\(boots == 1 ? "" : "s") of the \
            recorder. Steps of the time of day of more than half a second are recorded; the \
            nearest ones:</p>
            <ul>
            \(steps.isEmpty ? "<li>none</li>\n" : steps.joined())\(uncertain.joined())</ul>
            """
    }

    private func text(_ value: some CustomStringConvertible) -> String {
        HTMLText.escaped(value.description)
    }
}
