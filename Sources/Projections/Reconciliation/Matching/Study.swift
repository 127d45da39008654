import TrunkEvents

/// What an invoice tells of its maker: its clock, its increment, whose callers it shows.
struct Study: Sendable {
    let isByCalledOnly: Bool
    let clock: InvoiceClock
    let inferred: InferredInterval?
    /// The increment of most of the calls' decks.
    let contract: BillingInterval?

    /// - Parameter partition: forgets its callers where they are others than ours.
    init(_ partition: inout NumberPartition, hintSeconds: Int64?) {
        isByCalledOnly = partition.hasForeignCallers
        if isByCalledOnly { partition.forgetCallers() }
        let (lines, calls) = (partition.lines, partition.calls)
        clock = ClockDetection.clock(lines, calls, hint: hintSeconds.map { $0 * 1_000 })
        contract = Self.contract(calls)
        let pairing = Pairing(lines, calls, clock)
        let talks = lines.indices.lazy.filter { pairing.links[$0] == .answered }.map { line in
            let call = calls[Int(pairing.partners[line])]
            return BilledTalk(
                talkMilliseconds: call.talk, uncertainty: call.uncertainty,
                seconds: lines[line].seconds)
        }
        inferred = InferredInterval.best(talks, contract: contract)
    }

    private static func contract(_ calls: [OwnCall]) -> BillingInterval? {
        var counts: [BillingInterval: Int] = [:]
        for call in calls {
            if let interval = call.price?.interval { counts[interval, default: 0] += 1 }
        }
        return counts.max { ($0.value, $1.key.first) < ($1.value, $0.key.first) }?.key
    }
}
