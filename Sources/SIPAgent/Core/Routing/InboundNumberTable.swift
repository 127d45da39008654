import TrunkEvents

/// Which dialer takes the calls to a number of ours. Numbers meet in normalised form, however the
/// carrier and the configuration write them.
struct InboundNumberTable: Sendable {
    private var dialers: [NormalizedNumber: ShortName] = [:]

    /// Of two entries for one number the first counts.
    init(_ numbers: [InboundNumberConfiguration], normalizer: NumberNormalizer) {
        for entry in numbers {
            let number = normalizer.normalize(entry.number)
            dialers[number] = dialers[number] ?? entry.dialer
        }
    }

    /// nil for a number that is not ours.
    func dialer(for number: NormalizedNumber) -> ShortName? { dialers[number] }
}
