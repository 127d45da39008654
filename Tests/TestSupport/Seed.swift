import Foundation

/// The seed of one random test: printed, so that a failure can be replayed exactly.
///
/// `TRUNKLEDGER_SEED=N swift test --filter NAME` repeats a run.
public struct Seed: Sendable, CustomStringConvertible {
    public let value: UInt64

    /// Takes `TRUNKLEDGER_SEED` when it is set, else a fresh number, and prints which.
    /// Under continuous integration a fixed `fallback` keeps a run the same from day to day.
    public init(for test: String, fallback: UInt64? = nil) {
        let given = ProcessInfo.processInfo.environment["TRUNKLEDGER_SEED"].flatMap(UInt64.init)
        value = given ?? fallback ?? UInt64.random(in: 0...UInt64.max)
        print("\(test): TRUNKLEDGER_SEED=\(value)")
    }

    public var description: String { "TRUNKLEDGER_SEED=\(value)" }

    public func generator() -> SeededGenerator { SeededGenerator(seed: value) }
}

/// SplitMix64: small, fast, and the same on every machine and Swift version.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
