public import TrunkEvents

/// The exports that were recorded as closed: what the next one continues.
public struct ExportHistory: Projection {
    public static let name = "export-history"
    public static let version: UInt32 = 1

    /// The newest batch; `nil` before the first.
    public private(set) var last: ExportClosed?
    public private(set) var node: ShortName?

    public init() {}

    public mutating func apply(_ entry: LogEntry, finished rows: inout [NoRow]) {
        switch entry.event {
        case .agentStarted(let fact): node = fact.node
        case .exportClosed(let fact):
            if fact.sequence > last?.sequence ?? 0 { last = fact }
        case .agentStopped, .heartbeat, .clockStepped, .strangersDropped, .trunkConfigured,
            .trunkRemoved, .trunkNearCap, .trunkBelowCap, .trunkReachable, .trunkUnreachable,
            .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .callStarted, .routeChosen, .callAnswered, .callModified,
            .callEnded, .callRecovered, .callContinued, .callInterim, .sequencesReserved,
            .modificationSent, .modificationFailed, .channelRefused, .channelSeized,
            .channelReleased,
            .attemptSent, .attemptProgressed, .attemptAnswered, .attemptFailed, .rateDeckLoaded,
            .invoiceLoaded:
            break
        }
    }
}

extension ExportHistory: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(last)
        encoder.write(node)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        last = try decoder.read()
        node = try decoder.read()
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
