public import TrunkEvents

/// One attempt of one call: what holds a channel.
public struct ChannelID: Hashable, Sendable {
    public let call: CallID
    public let attempt: AttemptNumber

    public init(call: CallID, attempt: AttemptNumber) {
        self.call = call
        self.attempt = attempt
    }
}

/// A channel that is held.
public struct HeldChannel: Hashable, Sendable {
    public let direction: CallDirection
    public let seizedAt: WallInstant
}

/// The channels of one trunk.
public struct TrunkLoad: Sendable {
    public internal(set) var carrier: CarrierName?
    public internal(set) var cap: UInt32 = 0
    public internal(set) var isConfigured = false
    var held = DenseTable<ChannelID, HeldChannel>()
    /// The most channels ever in use at once.
    public internal(set) var peak: UInt32 = 0
    public internal(set) var peakAt: WallInstant?
    public internal(set) var seizures: UInt64 = 0
    /// Refused channels, by reason.
    public internal(set) var refused: [RefusalReason: UInt64] = [:]

    public var inUse: UInt32 { UInt32(held.count) }
    /// How many of those hold inbound calls.
    public var inbound: UInt32 { UInt32(held.values.count { $0.direction == .inbound }) }

    /// Calls turned away because the trunk was full.
    public var blocked: UInt64 {
        RefusalReason.full.reduce(0) { $0 + (refused[$1] ?? 0) }
    }
}

extension RefusalReason {
    /// The reasons that mean: no channel was free.
    public static let full: [RefusalReason] = [.cap, .capIn, .capOut, .reserved]
}

extension ChannelID: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(call)
        encoder.write(attempt)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        call = try decoder.read()
        attempt = try decoder.read()
    }
}

extension HeldChannel: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(direction)
        encoder.write(seizedAt)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        direction = try decoder.read()
        seizedAt = try decoder.read()
    }
}

extension TrunkLoad: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(carrier)
        encoder.write(cap)
        encoder.write(isConfigured)
        encoder.write(held)
        encoder.write(peak)
        encoder.write(peakAt)
        encoder.write(seizures)
        encoder.write(refused)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        carrier = try decoder.read()
        cap = try decoder.read()
        isConfigured = try decoder.read()
        held = try decoder.read()
        peak = try decoder.read()
        peakAt = try decoder.read()
        seizures = try decoder.read()
        refused = try decoder.read()
    }
}
