/// The increment that explains most of what a carrier billed.
public struct InferredInterval: Hashable, Sendable {
    public var interval: BillingInterval
    /// Calls that it explains to the second, one more or less.
    public var explained: Int
    public var of: Int

    /// Fewer calls, or fewer of them explained, tell nothing.
    private static let callsMin = 10

    /// - Parameter contract: preferred among increments that explain as many.
    static func best(
        _ calls: some Sequence<BilledTalk>, contract: BillingInterval?
    ) -> InferredInterval? {
        var candidates = BillingInterval.usual
        if let contract {
            candidates.removeAll { $0 == contract }
            candidates.insert(contract, at: 0)
        }
        var hits = [Int](repeating: 0, count: candidates.count)
        var count = 0
        for call in calls {
            count += 1
            for index in candidates.indices
            where candidates[index].explains(call, toleranceSeconds: 1) { hits[index] += 1 }
        }
        guard count >= callsMin, let most = hits.max(), most * 2 >= count,
            let index = hits.firstIndex(of: most)
        else { return nil }
        return InferredInterval(interval: candidates[index], explained: most, of: count)
    }
}

/// What was talked, as we measured it, and the seconds that were billed for it.
struct BilledTalk: Hashable, Sendable {
    var talkMilliseconds: Int64
    /// How much longer the talk may have been.
    var uncertainty: Int64 = 0
    var seconds: Int64

    /// Whole seconds, any begun one counted.
    var talkSeconds: Int64 { (talkMilliseconds + 999) / 1_000 }
}

extension BillingInterval {
    /// Whether talk that differs by so many seconds at most is billed as that.
    func explains(_ call: BilledTalk, toleranceSeconds: Int64) -> Bool {
        let shortest = max(0, call.talkMilliseconds / 1_000 - toleranceSeconds)
        let longest =
            (call.talkMilliseconds + call.uncertainty + 999) / 1_000 + toleranceSeconds
        guard call.seconds >= billed(shortest), call.seconds <= billed(longest) else {
            return false
        }
        return (call.seconds - Int64(first)) % Int64(step) == 0
    }
}
