import Ledger
import TestSupport
import TrunkEvents

@testable import Projections

/// Calls of ours and a carrier's invoice for them, with errors whose number and place are known.
struct PlantedInvoice {
    /// How the carrier writes and bills.
    struct Carrier {
        var isWholeMinute = false
        var zoneSeconds: Int64 = 0
        var aheadSeconds: Int64 = 0
        var interval = BillingInterval.sixSeconds
        /// A minute, in units of 1e-8.
        var rate: Int64 = 1_200_000
        /// Days from the first on which the clock shows an hour less.
        var winterFrom: Int?
    }

    static let days = 30
    private static let dayMilliseconds: Int64 = 86_400_000

    private(set) var rows: [CDRRow] = []
    /// By the numbers of their lines, and of calls without one by their CDR.
    private(set) var kindOfLine: [Int: Finding.Kind] = [:]
    private(set) var kindOfCall: [Position: Finding.Kind] = [:]
    private(set) var csv = ""

    private let carrier: Carrier
    private var random: SeededGenerator
    private var lines: [(stamp: Int64, text: String, kind: Finding.Kind)] = []
    private var numbers: [Int64] = []
    private var nextPosition: UInt64 = 1

    init(_ carrier: Carrier, lineCount: Int, seed: Seed) {
        self.carrier = carrier
        random = seed.generator()
        numbers = (0..<(lineCount / 3 + 2)).map { _ in
            12_120_000_000 + Int64.random(in: 0..<9_999_999_999 - 2_120_000_000, using: &random)
        }
        while lines.count < lineCount { plant() }
        lines.sort { ($0.stamp, $0.text) < ($1.stamp, $1.text) }
        csv = "Start Time,From,To,Duration,Cost\n"
        for (index, line) in lines.enumerated() {
            csv += line.text
            kindOfLine[index + 2] = line.kind
        }
    }

    /// One call of a random fate; some numbers are called again and again.
    private mutating func plant() {
        let day = Int64.random(in: 0..<Int64(Self.days), using: &random)
        let ofDay = Int64.random(in: 0..<Self.dayMilliseconds, using: &random)
        let at = Self.dayMilliseconds * day + ofDay
        let pair = (numbers.randomElement(using: &random) ?? 0, from())
        let talk = Int64.random(in: 1_000...400_000, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<76: bill(row(at, pair, talk), .exact, seconds: billed(talk))
        case 76..<79: bill(row(at, pair, talk), .rounding, seconds: misrounded(talk))
        case 79..<82:
            let more = Int64.random(in: 2...3, using: &random) * 60
            bill(row(at, pair, talk), .duration, seconds: billed(talk) + more)
        case 82..<85:
            bill(row(at, pair, talk), .rate, seconds: billed(talk), rate: carrier.rate * 2)
        case 85..<88:
            row(at, pair, nil)
            line(at + 5_000, pair, 60, .unanswered)
        case 88..<91:
            bill(row(at, pair, talk), .exact, seconds: billed(talk))
            if let last = lines.last { lines.append((last.stamp, last.text, .duplicate)) }
        case 91..<94: kindOfCall[row(at, pair, talk)] = .missingTheirs
        case 94..<97:
            // Far from any call of ours: a number that we never called.
            line(at, (pair.0 + 10_000_000_000, pair.1), billed(talk), .missingOurs)
        default:
            let more = Int64.random(in: 600...7_200, using: &random)
            bill(row(at, pair, talk), .hung, seconds: billed(talk) + more / 60 * 60)
        }
    }

    private mutating func from() -> Int64 {
        13_055_550_100 + Int64.random(in: 0..<40, using: &random)
    }

    private func billed(_ talk: Int64) -> Int64 {
        carrier.interval.billed((talk + 999) / 1_000)
    }

    /// What a talk of up to two seconds more or less would have cost, where that differs.
    private mutating func misrounded(_ talk: Int64) -> Int64 {
        let seconds = (talk + 999) / 1_000
        let others = [seconds - 2, seconds - 1, seconds + 1, seconds + 2].filter { $0 > 0 }
            .map(carrier.interval.billed).filter { $0 != carrier.interval.billed(seconds) }
        return others.randomElement(using: &random) ?? carrier.interval.billed(seconds)
    }

    @discardableResult
    private mutating func row(_ at: Int64, _ pair: (Int64, Int64), _ talk: Int64?) -> Position {
        let position = Position(rawValue: nextPosition)
        nextPosition += 1
        let setup = Int64.random(in: 2_000...25_000, using: &random)
        let seized = after(at - setup)
        var row = CDRRow(
            node: ShortName("pbx1"), seizedPosition: position, call: callID(1), attempt: .first,
            firstPosition: position, lastPosition: position, trunk: alpha1, carrier: alpha,
            direction: .outbound, seizedAt: seized, endedAt: after(at + (talk ?? 20_000)),
            releasedAt: after(at + (talk ?? 20_000)),
            disposition: talk == nil ? .noAnswer : .answered, endedBy: .local, endSource: .bye,
            inUseAtSeizure: 1, capAtSeizure: 50)
        row.bE164 = Octets("+\(pair.0)")
        row.aE164 = Octets("+\(pair.1)")
        row.setupMilliseconds = setup
        if let talk {
            row.answeredAt = after(at)
            row.talkMilliseconds = talk
        }
        rows.append(row)
        return position
    }

    private mutating func bill(
        _ position: Position, _ kind: Finding.Kind, seconds: Int64, rate: Int64? = nil
    ) {
        guard let row = rows.last, let answered = row.answeredAt else { return }
        let talk = billed(row.talkMilliseconds)
        let at = start.duration(to: answered).milliseconds
        let pair = (Int64("\(row.bE164)") ?? 0, Int64("\(row.aE164)") ?? 0)
        line(at, pair, seconds, kind == .rounding && seconds == talk ? .exact : kind, rate: rate)
    }

    private mutating func line(
        _ at: Int64, _ pair: (Int64, Int64), _ seconds: Int64, _ kind: Finding.Kind,
        rate: Int64? = nil
    ) {
        // The way to the carrier takes a little.
        let seen = at + Int64.random(in: 0...700, using: &random)
        let isWinter = carrier.winterFrom.map { seen >= Int64($0) * Self.dayMilliseconds } ?? false
        let zone = carrier.zoneSeconds - (isWinter ? 3_600 : 0)
        let shift = (zone + carrier.aheadSeconds) * 1_000
        var text = String(after(seen + shift).utcText.dropLast(5))
        if carrier.isWholeMinute { text = String(text.dropLast(3)) }
        let cost = Money(units: ((rate ?? carrier.rate) * seconds / 60 + 5_000) / 10_000 * 10_000)
        lines.append((seen, "\(text),\(pair.1),\(pair.0),\(seconds),\(cost)\n", kind))
    }
}

/// How well planted classes were found again.
struct FindingScore {
    private var planted: [Finding.Kind: Int] = [:]
    private var found: [Finding.Kind: Int] = [:]
    private var right: [Finding.Kind: Int] = [:]

    init(_ invoice: PlantedInvoice, _ findings: [Finding]) {
        for kind in invoice.kindOfLine.values { planted[kind, default: 0] += 1 }
        for kind in invoice.kindOfCall.values { planted[kind, default: 0] += 1 }
        for finding in findings {
            found[finding.kind, default: 0] += 1
            let truth =
                finding.line.map { invoice.kindOfLine[$0] }
                ?? finding.cdr.map { invoice.kindOfCall[$0.position] }
            if truth == finding.kind { right[finding.kind, default: 0] += 1 }
        }
    }

    func precision(_ kind: Finding.Kind) -> Double {
        Double(right[kind] ?? 0) / Double(max(1, found[kind] ?? 0))
    }

    func recall(_ kind: Finding.Kind) -> Double {
        Double(right[kind] ?? 0) / Double(max(1, planted[kind] ?? 0))
    }
}
