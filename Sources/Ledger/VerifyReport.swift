/// How far ``LedgerReader/verify(progress:)`` has come.
public struct VerifyProgress: Hashable, Sendable {
    /// The last position looked at.
    public let position: Position
    /// The last position there is.
    public let through: Position
}

/// One thing that verification found wrong.
public struct VerifyFault: Hashable, Sendable {
    /// The first event that the fault affects; `.zero` when it affects the ledger as a whole.
    public let position: Position
    public let cause: Corruption
}

extension VerifyFault: CustomStringConvertible {
    public var description: String {
        position == .zero ? "\(cause)" : "position \(position): \(cause)"
    }
}

/// What ``LedgerReader/verify(progress:)`` found.
public struct VerifyReport: Hashable, Sendable {
    /// The head up to which the ledger was walked, as its last readable frame says.
    public let head: LedgerHead
    public let frames: Int
    public let events: UInt64
    /// Bytes of frames, as stored.
    public let bytes: UInt64
    /// The faults in the order of their positions, at most ``LedgerLimits/verifyFaultsMax``.
    public let faults: [VerifyFault]
    /// How many faults there are, listed or not.
    public let faultCount: Int

    public var isSound: Bool { faultCount == 0 }
}
