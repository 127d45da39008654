/// The share of calls that find every channel taken, where calls come at random and those that
/// find none go away (ITU-T E.501).
public enum ErlangB {
    /// - Parameters:
    ///   - offered: traffic in erlangs, not negative.
    ///   - channels: how many there are.
    public static func blocking(offered: Double, channels: UInt32) -> Double {
        precondition(offered >= 0, "no traffic is less than none")
        // B(0) = 1; B(n) = A B(n-1) / (n + A B(n-1)): no factorial, so no overflow.
        var blocking = 1.0
        for channel in 1..<(UInt64(channels) + 1) {
            blocking = offered * blocking / (Double(channel) + offered * blocking)
        }
        return blocking
    }

    /// The traffic that would have been carried, had no call been turned away.
    public static func offered(carried: Double, blocking: Double) -> Double {
        blocking < 1 ? carried / (1 - blocking) : carried
    }
}
