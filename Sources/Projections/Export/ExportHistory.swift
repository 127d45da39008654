public import Ledger
public import TrunkEvents

/// The exports that were recorded as closed: what the next one continues, and how far each
/// destination has got them.
public struct ExportHistory: Projection {
    public static let name = "export-history"
    public static let version: UInt32 = 2
    public static let kinds: FactKinds? = [
        .agentStarted, .exportClosed, .exportDelivered, .exportFailed,
    ]

    /// The newest batch; `nil` before the first.
    public private(set) var last: ExportClosed?
    public private(set) var node: ShortName?
    /// By the destination's name.
    public private(set) var deliveries: [Octets: DeliveryState] = [:]

    public init() {}

    public mutating func apply(_ entry: LogEntry, finished rows: inout [ClosedBatch]) {
        switch entry.event {
        case .agentStarted(let fact): node = fact.node
        case .exportClosed(let fact):
            guard fact.sequence > last?.sequence ?? 0 else { return }
            last = fact
            rows.append(ClosedBatch(closedAt: entry.position, fact: fact))
        case .exportDelivered(let fact):
            let reached = max(fact.sequence, deliveries[fact.destination]?.delivered ?? 0)
            deliveries[fact.destination] = DeliveryState(delivered: reached)
        case .exportFailed(let fact):
            deliveries[fact.destination, default: DeliveryState()].failing = fact
        case .agentStopped, .heartbeat, .clockStepped, .strangersDropped, .trunkConfigured,
            .requestsDropped, .sourceBanned, .trunkResting,
            .trunkRemoved, .trunkNearCap, .trunkBelowCap, .trunkReachable, .trunkUnreachable,
            .trunkLocated, .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .callStarted, .routeChosen, .callAnswered, .callModified,
            .callEnded, .callRecovered, .callContinued, .callInterim, .sequencesReserved,
            .modificationSent, .modificationFailed, .sessionTimerChanged, .channelRefused,
            .transferBegun, .callTransferred, .channelSeized,
            .channelReleased, .attemptSent, .attemptProgressed, .attemptAnswered, .attemptFailed,
            .rateDeckLoaded, .invoiceLoaded:
            break
        }
    }
}

/// A batch that was recorded as closed.
public struct ClosedBatch: ProjectionRow, Hashable {
    public let closedAt: Position
    public let fact: ExportClosed

    public init(closedAt: Position, fact: ExportClosed) {
        self.closedAt = closedAt
        self.fact = fact
    }

    /// The part of the log whose CDRs it holds; `nil` when nothing was written since the batch
    /// before.
    public var positions: ClosedRange<Position>? {
        guard fact.firstPosition <= fact.lastPosition else { return nil }
        return Position(rawValue: fact.firstPosition)...Position(rawValue: fact.lastPosition)
    }
}

/// How far a destination has got the batches.
public struct DeliveryState: Hashable, Sendable {
    /// Every batch up to this one arrived; 0 before the first.
    public var delivered: UInt64 = 0
    /// What holds up the next one.
    public var failing: ExportFailed?

    public init(delivered: UInt64 = 0, failing: ExportFailed? = nil) {
        self.delivered = delivered
        self.failing = failing
    }
}

extension ExportHistory: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(last)
        encoder.write(node)
        encoder.write(deliveries)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        last = try decoder.read()
        node = try decoder.read()
        deliveries = try decoder.read()
    }
}

extension ClosedBatch: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(closedAt)
        encoder.write(fact)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        closedAt = try decoder.read()
        fact = try decoder.read()
    }
}

extension DeliveryState: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(delivered)
        encoder.write(failing)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        delivered = try decoder.integer()
        failing = try decoder.read()
    }
}

extension ExportClosed: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(sequence)
        encoder.append(firstPosition)
        encoder.append(lastPosition)
        encoder.append(rowCount)
        encoder.append(talkMilliseconds)
        encoder.write(completeUntil)
        encoder.write(fileName)
        encoder.write(sha256)
        encoder.write(previousSHA256)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(
            sequence: try decoder.integer(), firstPosition: try decoder.integer(),
            lastPosition: try decoder.integer(), rowCount: try decoder.integer(),
            talkMilliseconds: try decoder.integer(), completeUntil: try decoder.read(),
            fileName: try decoder.read(), sha256: try decoder.read(),
            previousSHA256: try decoder.read())
    }
}

extension ExportFailed: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(sequence)
        encoder.write(destination)
        encoder.write(cause)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(
            sequence: try decoder.integer(), destination: try decoder.read(),
            cause: try decoder.read())
    }
}
