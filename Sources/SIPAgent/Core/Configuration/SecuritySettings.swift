public import TrunkEvents

/// What a source that the configuration knows may ask of the agent outside its calls.
public struct SecuritySettings: Hashable, Sendable {
    /// `nil`: as many as it likes.
    public var requestRate: RequestRateLimit?
    /// `nil`: no source is ever banned.
    public var ban: BanRules?

    public init(
        requestRate: RequestRateLimit? = RequestRateLimit(requestsPerSecond: 5_000),
        ban: BanRules? = BanRules()
    ) {
        self.requestRate = requestRate
        self.ban = ban
    }
}

/// Requests outside calls that one address may send a second; as many may come at once.
public struct RequestRateLimit: Hashable, Sendable {
    public let requestsPerSecond: UInt32

    public init(requestsPerSecond: UInt32) {
        precondition(requestsPerSecond > 0, "a rate")
        self.requestsPerSecond = requestsPerSecond
    }

    /// How long a token takes to come back.
    var interval: Nanoseconds { Nanoseconds(1_000_000_000 / Int64(requestsPerSecond)) }
}

/// So many wrong passwords of one address within `window` ban it for `duration`.
public struct BanRules: Hashable, Sendable {
    public var failures: UInt32
    public var window: Nanoseconds
    public var duration: Nanoseconds

    public init(
        failures: UInt32 = 10, window: Nanoseconds = .seconds(60),
        duration: Nanoseconds = .seconds(600)
    ) {
        precondition(failures > 0, "a first failure has to come")
        self.failures = failures
        self.window = window
        self.duration = duration
    }
}
