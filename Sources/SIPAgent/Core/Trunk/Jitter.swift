import TrunkEvents

extension Nanoseconds {
    /// A length drawn evenly from a range: what keeps many agents from acting in step.
    static func random(in range: ClosedRange<Nanoseconds>, using entropy: inout Entropy) -> Self {
        let count = Int64.random(
            in: range.lowerBound.count...range.upperBound.count, using: &entropy)
        return Nanoseconds(count)
    }
}
