import TrunkEvents

extension Nanoseconds {
    /// A length drawn evenly from a range: what keeps many agents from acting in step.
    static func drawn(in range: ClosedRange<Nanoseconds>, using entropy: inout Entropy) -> Self {
        let span = UInt64(range.upperBound.count - range.lowerBound.count)
        return range.lowerBound + Nanoseconds(Int64(entropy.next(upperBound: span + 1)))
    }
}
