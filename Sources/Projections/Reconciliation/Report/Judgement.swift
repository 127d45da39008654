import TrunkEvents

/// Says what a line came to. The rules are those of `Reconciliation.md`.
struct Judgement {
    /// A carrier sees answer and end at other moments than we do, by the way between us.
    static let toleranceSeconds: Int64 = 2
    /// Talk that goes on for so long after our end is a call that the carrier never saw end.
    static let hungSeconds: Int64 = 300
    /// Half of the fourth decimal: amounts that differ by less are rounded differently.
    static let amountTolerance: Int64 = 5_000

    var clock: InvoiceClock
    /// What the carrier seems to bill by.
    var interval: BillingInterval?
    var nodes: [ShortName?]

    func paired(_ line: InvoiceLine, with call: OwnCall) -> Finding {
        let talk = BilledTalk(
            talkMilliseconds: call.talk, uncertainty: call.uncertainty, seconds: line.seconds)
        let usual = interval ?? .perSecond
        let expected = call.price?.billedSeconds ?? usual.billed(talk.talkSeconds)
        var finding = finding(line, .exact, call)
        finding.expectedSeconds = expected
        finding.kind = kind(talk, expected: expected, contract: call.price?.interval)
        finding.expectedAmount =
            call.price?.amount
            ?? line.amount.map { Self.share($0, expected, of: line.seconds) }
        judgeAmount(&finding, line, call.price)
        if let amount = line.amount, let ours = finding.expectedAmount, finding.kind != .exact {
            finding.stake = amount - ours
        }
        return finding
    }

    private func kind(
        _ talk: BilledTalk, expected: Int64, contract: BillingInterval?
    ) -> Finding.Kind {
        if talk.seconds == expected { return .exact }
        let isExplained = [contract, interval ?? .perSecond].contains {
            $0?.explains(talk, toleranceSeconds: Self.toleranceSeconds) ?? false
        }
        if isExplained {
            // Within the bounds of an end that a restart left open nobody is wrong.
            let isBounded =
                talk.uncertainty > 0
                && (contract ?? interval ?? .perSecond).explains(talk, toleranceSeconds: 0)
            return isBounded ? .exact : .rounding
        }
        let longest = (talk.talkMilliseconds + talk.uncertainty + 999) / 1_000
        return talk.seconds - longest >= Self.hungSeconds ? .hung : .duration
    }

    /// Where the seconds agree, their price for them does or does not.
    private func judgeAmount(_ finding: inout Finding, _ line: InvoiceLine, _ price: OwnCall.Price?)
    {
        guard finding.kind == .exact || finding.kind == .rounding, let amount = line.amount else {
            return
        }
        let forTheirs: Money
        if let price {
            let more = Int128(price.rate.units) * Int128(line.seconds - price.billedSeconds)
            forTheirs =
                price.amount + Money(more, over: 60, rule: .nearest, decimals: Money.decimals)
        } else if let rate = line.rate {
            let sum = Int128(rate.units) * Int128(line.seconds)
            forTheirs = Money(sum, over: 60, rule: .nearest, decimals: Money.decimals)
            finding.expectedAmount = Self.share(
                forTheirs, finding.expectedSeconds ?? line.seconds, of: line.seconds)
        } else {
            return
        }
        let difference = (amount - forTheirs).magnitude.units
        if difference <= Self.amountTolerance { return }
        finding.kind = difference <= Self.lastPlace(line) ? .rounding : .rate
    }

    /// One unit of the last decimal that the carrier writes.
    private static func lastPlace(_ line: InvoiceLine) -> Int64 {
        var place = Money.unitsPerWhole
        for _ in 0..<line.amountDecimals { place /= 10 }
        return place
    }

    /// What the part costs if the whole costs `amount`.
    private static func share(_ amount: Money, _ part: Int64, of whole: Int64) -> Money {
        guard whole > 0 else { return .zero }
        let product = Int128(amount.units) * Int128(part)
        let share = RoundingRule.nearest.quotient(product, by: Int128(whole))
        let most = Int128(InvoiceTexts.amountMax)
        return Money(units: Int64(min(most, max(-most, share))))
    }

    /// A line whose whole amount is at stake.
    func unfounded(_ line: InvoiceLine, _ kind: Finding.Kind, _ call: OwnCall? = nil) -> Finding {
        var finding = finding(line, kind, call)
        finding.stake = line.amount ?? .zero
        finding.expectedSeconds = 0
        finding.expectedAmount = line.amount == nil ? nil : .zero
        return finding
    }

    func missing(_ call: OwnCall) -> Finding {
        let moment = call.moment(clock.basis)
        let day = CivilDay.number(ofMilliseconds: moment + clock.fallback)
        let usual = interval ?? .perSecond
        let talk = BilledTalk(talkMilliseconds: call.talk, seconds: 0)
        return Finding(
            kind: .missingTheirs, cdr: id(call), calling: call.pair.calling,
            called: call.pair.called, startedAt: instant(moment), talkMilliseconds: call.talk,
            expectedSeconds: call.price?.billedSeconds ?? usual.billed(talk.talkSeconds),
            expectedAmount: call.price?.amount,
            stake: Money.zero - (call.price?.amount ?? .zero), day: day)
    }

    private func finding(
        _ line: InvoiceLine, _ kind: Finding.Kind, _ call: OwnCall?
    ) -> Finding {
        Finding(
            kind: kind, line: Int(line.number), cdr: call.map(id), calling: line.pair.calling,
            called: line.pair.called, billedAt: instant(clock.instant(ofStamp: line.stamp)),
            startedAt: call.map { instant($0.moment(clock.basis)) }, billedSeconds: line.seconds,
            talkMilliseconds: call.map(\.talk), amount: line.amount, stake: .zero, day: line.day)
    }

    private func id(_ call: OwnCall) -> CDRID {
        CDRID(node: nodes[Int(call.node)], position: call.position)
    }

    private func instant(_ milliseconds: Int64) -> WallInstant {
        WallInstant(nanoseconds: milliseconds * 1_000_000)
    }
}
