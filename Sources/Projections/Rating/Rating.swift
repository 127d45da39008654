public import TrunkEvents

/// What a call costs, and why.
public struct Rating: Hashable, Sendable {
    public let billedSeconds: Int64
    /// A minute.
    public let rate: Money
    public let amount: Money
    public let currency: ShortName
    public let prefix: PhoneDigits
    public let interval: BillingInterval
    public let deck: Digest
}

/// Why a call has no price.
public enum RatingRefusal: Hashable, Sendable {
    /// No deck is in force for its carrier, direction and instant.
    case noDeck
    /// The deck has no prefix of its number.
    case noPrefix
    /// What was dialled is no number.
    case noNumber
}

extension RateDeck {
    /// The price of a call with so much talk; `nil` talk is a call that was not answered, which
    /// costs nothing.
    public func rate(
        from a: PhoneDigits, to b: PhoneDigits, at instant: WallInstant,
        talkMilliseconds talk: Int64?
    ) -> Result<Rating, RatingRefusal> {
        guard let entry = entry(for: b, at: instant) else { return .failure(.noPrefix) }
        let price = entry.prices.price(jurisdiction(from: a, to: b), isPeak: isPeak(instant))
        var billed: Int64 = 0
        var amount = Money.zero
        if let talk {
            let seconds = terms.secondsRounding.quotient(Int128(talk), by: 1_000)
            billed = entry.interval.billed(Int64(seconds))
            let sum =
                Int128(entry.connectionFee.units) * 60 + Int128(price.units) * Int128(billed)
            amount = Money(
                sum, over: 60, rule: terms.amountRounding, decimals: terms.decimals)
        }
        return .success(
            Rating(
                billedSeconds: billed, rate: price, amount: amount, currency: terms.currency,
                prefix: entry.prefix, interval: entry.interval, deck: sha256))
    }

    private func jurisdiction(from a: PhoneDigits, to b: PhoneDigits) -> Jurisdiction {
        states?.jurisdiction(from: a, to: b) ?? .interstate
    }

    private func isPeak(_ instant: WallInstant) -> Bool {
        guard let peak = terms.peak else { return true }
        let seconds = instant.nanoseconds / 1_000_000_000 + terms.zoneSeconds
        return peak.contains(localSeconds: seconds)
    }
}

extension RatingRefusal: Error {}
