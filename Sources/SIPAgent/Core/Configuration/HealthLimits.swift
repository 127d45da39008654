public import TrunkEvents

/// How many results in a row it takes to call a trunk down, and up again.
public struct HealthLimits: Hashable, Sendable {
    /// Bad probes.
    public var probesDown: UInt32
    /// Good probes, once it is down.
    public var probesUp: UInt32
    /// Calls without a sign of life; `nil`: calls are offered whatever became of those before.
    public var callsDown: UInt32?
    /// How long a trunk whose calls failed is left alone before one call tries it again.
    public var callPause: Nanoseconds

    public init(
        probesDown: UInt32 = 3, probesUp: UInt32 = 1, callsDown: UInt32? = nil,
        callPause: Nanoseconds = .seconds(30)
    ) {
        self.probesDown = probesDown
        self.probesUp = probesUp
        self.callsDown = callsDown
        self.callPause = callPause
    }
}
