/// How talk time becomes billed time: a first interval, then whole increments. `30/6` bills 30
/// seconds at least and then every 6 seconds that were begun.
public struct BillingInterval: Hashable, Sendable {
    /// Both in seconds, from 1.
    public let first: UInt32
    public let step: UInt32

    /// `nil` where one of them is 0 or more than a day.
    public init?(first: UInt32, step: UInt32) {
        guard (1...86_400).contains(first), (1...86_400).contains(step) else { return nil }
        self.first = first
        self.step = step
    }

    private init(_ first: UInt32, _ step: UInt32) {
        self.first = first
        self.step = step
    }

    public static let perSecond = BillingInterval(1, 1)
    public static let sixSeconds = BillingInterval(6, 6)
    public static let perMinute = BillingInterval(60, 60)

    /// What carriers sell: the candidates when a bill is all there is to tell.
    public static let usual: [BillingInterval] = [
        perSecond, sixSeconds, BillingInterval(30, 6), perMinute, BillingInterval(60, 1),
        BillingInterval(30, 30), BillingInterval(60, 6), BillingInterval(30, 1),
        BillingInterval(6, 1), BillingInterval(10, 10), BillingInterval(60, 30),
        BillingInterval(18, 6), BillingInterval(15, 15),
    ]

    /// `30/6`; a single number is both.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first.flatMap({ UInt32($0) }),
            let step = parts.last.flatMap({ UInt32($0) })
        else { return nil }
        self.init(first: first, step: step)
    }

    /// Billed seconds of an answered call: the first interval at least.
    public func billed(_ seconds: Int64) -> Int64 {
        let first = Int64(first)
        let step = Int64(step)
        guard seconds > first else { return first }
        return first + (seconds - first + step - 1) / step * step
    }
}

extension BillingInterval: CustomStringConvertible {
    public var description: String { "\(first)/\(step)" }
}
