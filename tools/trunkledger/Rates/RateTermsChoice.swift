import ArgumentParser
import Projections
import TrunkEvents

/// What a deck's file does not say of itself.
struct RateTermsChoice: ParsableArguments {
    @Option(help: "The carrier whose prices these are, as the configuration names it.")
    var carrier: String

    @Option(help: "Three letters, as ISO 4217 has them.")
    var currency = "USD"

    @Option(help: "outbound, or inbound for what the carrier charges for calls to your numbers.")
    var direction = DirectionArgument.outbound

    @Option(
        help: ArgumentHelp(
            "The deck holds from here on (default: from the first call on).",
            valueName: "instant"))
    var effective: String?

    @Option(
        help: ArgumentHelp(
            "First interval and increment of rows that name none.", valueName: "first/step"))
    var interval = "60/60"

    @Option(help: "How milliseconds become seconds: up, down, nearest or even.")
    var seconds = RoundingArgument(rule: .up)

    @Option(help: "How amounts are rounded: up, down, nearest or even.")
    var rounding = RoundingArgument(rule: .nearest)

    @Option(help: "Places of an amount, 0 to 8.")
    var decimals = 4

    @Option(
        help: ArgumentHelp(
            "When peak prices hold, on the deck's clock: 'mon-fri 08:00-18:00, sat 09:00-13:00'.",
            valueName: "hours"))
    var peak: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How far the deck's clock is ahead of UTC, for its dates and peak hours.",
            valueName: "+hh:mm"))
    var zone = "+00:00"

    enum DirectionArgument: String, ExpressibleByArgument, CaseIterable {
        case outbound, inbound

        var direction: CallDirection { self == .outbound ? .outbound : .inbound }
    }

    func terms(_ output: OutputChoice, now: WallInstant) throws(CommandFailure) -> RateDeckTerms {
        guard let carrier = CarrierName(carrier) else {
            throw .usage("'\(carrier)' is no carrier's name; it has 1 to 31 characters")
        }
        guard currency.utf8.count == 3, let currency = ShortName(currency.uppercased()) else {
            throw .usage("'\(currency)' is no currency; write it like USD")
        }
        guard let interval = BillingInterval(interval) else {
            throw .usage("'\(interval)' is no interval; write it like 60/60 or 30/6")
        }
        guard (0...Money.decimals).contains(decimals) else {
            throw .usage("--decimals goes from 0 to \(Money.decimals)")
        }
        guard let zone = ZoneOffset.seconds(zone) else {
            throw .usage("'\(zone)' after --zone is no offset; write it like -05:00")
        }
        var hours: PeakHours?
        if let peak {
            hours = PeakHours(peak)
            if hours == nil {
                throw .usage("'\(peak)' are no hours; write them like 'mon-fri 08:00-18:00'")
            }
        }
        let from = try output.instant(effective, option: "--effective", now: now)
        return RateDeckTerms(
            carrier: carrier, direction: direction.direction, currency: currency,
            effectiveFrom: from ?? WallInstant(nanoseconds: 0), interval: interval,
            secondsRounding: seconds.rule, amountRounding: rounding.rule, decimals: decimals,
            zoneSeconds: zone, peak: hours)
    }
}

struct RoundingArgument: ExpressibleByArgument {
    var rule: RoundingRule

    init(rule: RoundingRule) { self.rule = rule }

    init?(argument: String) {
        let rule = RoundingRule.allCases.first { $0.description == argument }
        guard let rule else { return nil }
        self.rule = rule
    }

    static var allValueStrings: [String] { RoundingRule.allCases.map(\.description) }
    var defaultValueDescription: String { rule.description }
}

enum ZoneOffset {
    /// `+02:00`, `-05:00`, `UTC`.
    static func seconds(_ text: String) -> Int64? {
        if text.uppercased() == "UTC" || text == "Z" { return 0 }
        guard let match = text.wholeMatch(of: /([+-])(\d{2}):?(\d{2})/), let hours = Int64(match.2),
            let minutes = Int64(match.3), hours <= 14, minutes < 60
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (match.1 == "-" ? -1 : 1)
    }
}
