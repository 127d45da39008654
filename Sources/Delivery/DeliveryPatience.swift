public import TrunkEvents

/// How long to wait between two tries: twice as long each time, up to a limit, and not the same for
/// everybody.
public struct DeliveryPatience: Hashable, Sendable {
    public var first: Nanoseconds
    public var longest: Nanoseconds
    /// After so long without success it ends; `nil`: never.
    public var giveUpAfter: Nanoseconds?

    public static let longestDefault = Nanoseconds.seconds(300)

    public init(
        first: Nanoseconds = .seconds(1), longest: Nanoseconds = longestDefault,
        giveUpAfter: Nanoseconds? = nil
    ) {
        self.first = first
        self.longest = longest
        self.giveUpAfter = giveUpAfter
    }

    /// - Parameters:
    ///   - failures: in a row, this one included.
    ///   - elapsed: since the first of them.
    /// - Returns: how long to wait for the next try; `nil` to give up.
    public func pause(
        after error: DeliveryError, failures: Int, elapsed: Nanoseconds,
        using random: inout some RandomNumberGenerator
    ) -> Nanoseconds? {
        guard case .unavailable(_, let asked) = error else { return nil }
        let doubled = (0..<max(0, failures - 1)).reduce(first) { span, _ in
            min(longest, span * 2)
        }
        // Up to a fifth less, so that what failed together does not come back together.
        let jittered = Nanoseconds(
            doubled.count - Int64.random(in: 0...(doubled.count / 5), using: &random))
        let pause = max(jittered, min(longest, .seconds(max(0, min(asked ?? 0, 86_400)))))
        if let giveUpAfter, elapsed + pause > giveUpAfter { return nil }
        return pause
    }
}
