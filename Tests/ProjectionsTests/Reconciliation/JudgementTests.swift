import Ledger
import Testing
import TrunkEvents

@testable import Projections

/// The bounds of the classes, on calls of 95 seconds at 0.012 a minute by 6/6: 96 s, 0.0192.
@Suite struct JudgementTests {
    private func finding(
        seconds: Int64, amount: String?, isPriced: Bool = true, rate: String? = nil,
        uncertainty: Int64 = 0, inferred: BillingInterval? = .sixSeconds
    ) throws -> Finding {
        var row = CDRRow(
            node: ShortName("pbx1"), seizedPosition: .first, call: callID(1), attempt: .first,
            firstPosition: .first, lastPosition: .first, trunk: alpha1, carrier: alpha,
            direction: .outbound, seizedAt: start, answeredAt: after(5_000),
            endedAt: after(100_000), releasedAt: after(100_000), disposition: .answered,
            endedBy: .local, endSource: .bye, inUseAtSeizure: 1, capAtSeizure: 50)
        row.bE164 = "+12125550100"
        row.talkMilliseconds = 95_000
        row.endUncertaintyMilliseconds = uncertainty
        var terms = RateDeckTests.terms
        terms.interval = .sixSeconds
        let rating = try RateDeckTests.deck("prefix,rate\n1,0.012\n", terms).rate(row).get()
        let plan = NumberPlan()
        let call = try #require(
            OwnCall(row, rating: isPriced ? rating : nil, plan: plan, node: 0))
        let amounts = try amount.map {
            try #require(InvoiceTexts.amount(Array($0.utf8)[...], decimalMark: 0x2E))
        }
        let line = InvoiceLine(
            number: 2, amountDecimals: amounts?.decimals ?? 0, isWholeMinute: false,
            pair: call.pair, stamp: call.answeredAt, seconds: seconds, amount: amounts?.money,
            rate: rate.flatMap { Money(decimal: $0.utf8) })
        return Judgement(clock: InvoiceClock(), interval: inferred, nodes: [nil])
            .paired(line, with: call)
    }

    @Test(arguments: [
        (Int64(96), "0.0192", Finding.Kind.exact, "0.00"), (102, "0.0204", .rounding, "0.0012"),
        (90, "0.0180", .duration, "-0.0012"), (108, "0.0216", .duration, "0.0024"),
        (95, "0.0190", .duration, "-0.0002"), (390, "0.0780", .duration, "0.0588"),
        (395, "0.0790", .hung, "0.0598"), (96, "0.0384", .rate, "0.0192"),
        (96, "0.0193", .rounding, "0.0001"), (96, "0.02", .rounding, "0.0008"),
        (96, "0.0194", .rate, "0.0002"),
    ])
    func classesAndStakes(
        seconds: Int64, amount: String, kind: Finding.Kind, stake: String
    ) throws {
        let finding = try finding(seconds: seconds, amount: amount)
        #expect(finding.kind == kind)
        #expect(finding.stake.description == stake)
        #expect(finding.expectedSeconds == 96)
    }

    @Test func anOtherIncrementIsRounding() throws {
        let finding = try finding(seconds: 120, amount: "0.0240", inferred: .perMinute)
        #expect(finding.kind == .rounding && finding.stake.description == "0.0048")
    }

    @Test func withoutADeckTheLineIsHeldAgainstItself() throws {
        let fair = try finding(seconds: 96, amount: "0.0480", isPriced: false, rate: "0.03")
        #expect(fair.kind == .exact && fair.stake == .zero)
        let unfair = try finding(seconds: 96, amount: "0.0960", isPriced: false, rate: "0.03")
        #expect(unfair.kind == .rate && unfair.stake.description == "0.048")
        let long = try finding(seconds: 192, amount: "0.0960", isPriced: false)
        #expect(long.kind == .duration && long.expectedAmount?.description == "0.048")
    }

    @Test func anEndThatARestartLeftOpenIsNobodysFault() throws {
        let within = try finding(seconds: 150, amount: "0.0300", uncertainty: 60_000)
        #expect(within.kind == .exact)
        let beyond = try finding(seconds: 192, amount: "0.0384", uncertainty: 60_000)
        #expect(beyond.kind == .duration)
    }
}
