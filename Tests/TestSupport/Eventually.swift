/// A fact that did not come true in time.
public struct TimedOut: Error, CustomStringConvertible {
    public let description: String

    public init(_ what: String, after limit: Duration) {
        description = "still waiting after \(limit) for: \(what)"
    }
}

/// Looks at a fact until it holds, at most `limit` long.
///
/// The pause between two looks only saves CPU: what the test relies on is the fact.
public func eventually(
    _ what: String, within limit: Duration = .seconds(10),
    every pause: Duration = .milliseconds(10),
    isolation: isolated (any Actor)? = #isolation,
    _ holds: () async throws -> Bool
) async throws {
    _ = try await eventually(what, within: limit, every: pause) {
        try await holds() ? true : nil
    }
}

/// The same for a value that is there or not yet.
public func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(10),
    every pause: Duration = .milliseconds(10),
    isolation: isolated (any Actor)? = #isolation,
    _ look: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await look() { return value }
        guard ContinuousClock.now < deadline else { throw TimedOut(what, after: limit) }
        try await Task.sleep(for: pause)
    }
}
