extension Event {
    /// Reads the payload of one event.
    ///
    /// - Throws: ``FactDecodingError`` on any byte string that ``encode(into:)`` cannot have made.
    public init(
        kind rawKind: UInt16, version: UInt8, payload: RawSpan
    ) throws(FactDecodingError) {
        guard let kind = FactKind(rawValue: rawKind) else { throw .unknownKind(rawKind) }
        var decoder = FactDecoder(payload)
        self = try Self.read(kind, version, from: &decoder)
        try decoder.finish()
    }

    /// Appends the payload. The envelope carries kind and version.
    public func encode(into bytes: inout [UInt8]) {
        var encoder = FactEncoder(appendingTo: bytes)
        bytes = []
        visit(&encoder)
        bytes = encoder.bytes
    }

    private static func read(
        _ kind: FactKind, _ version: UInt8, from decoder: inout FactDecoder
    ) throws(FactDecodingError) -> Event {
        switch kind {
        case .agentStarted: .agentStarted(try decoder.fact(version))
        case .agentStopped: .agentStopped(try decoder.fact(version))
        case .heartbeat: .heartbeat(try decoder.fact(version))
        case .clockStepped: .clockStepped(try decoder.fact(version))
        case .strangersDropped: .strangersDropped(try decoder.fact(version))
        case .requestsDropped: .requestsDropped(try decoder.fact(version))
        case .sourceBanned: .sourceBanned(try decoder.fact(version))
        case .trunkConfigured: .trunkConfigured(try decoder.fact(version))
        case .trunkRemoved: .trunkRemoved(try decoder.fact(version))
        case .trunkNearCap: .trunkNearCap(try decoder.fact(version))
        case .trunkBelowCap: .trunkBelowCap(try decoder.fact(version))
        case .trunkReachable: .trunkReachable(try decoder.fact(version))
        case .trunkUnreachable: .trunkUnreachable(try decoder.fact(version))
        case .trunkLocated: .trunkLocated(try decoder.fact(version))
        case .trunkResting: .trunkResting(try decoder.fact(version))
        case .registrationSucceeded: .registrationSucceeded(try decoder.fact(version))
        case .registrationFailed: .registrationFailed(try decoder.fact(version))
        case .registrationExpired: .registrationExpired(try decoder.fact(version))
        case .registrationRemoved: .registrationRemoved(try decoder.fact(version))
        case .callStarted: .callStarted(try decoder.fact(version))
        case .routeChosen: .routeChosen(try decoder.fact(version))
        case .callAnswered: .callAnswered(try decoder.fact(version))
        case .callModified: .callModified(try decoder.fact(version))
        case .callEnded: .callEnded(try decoder.fact(version))
        case .callRecovered: .callRecovered(try decoder.fact(version))
        case .callContinued: .callContinued(try decoder.fact(version))
        case .callInterim: .callInterim(try decoder.fact(version))
        case .sequencesReserved: .sequencesReserved(try decoder.fact(version))
        case .modificationSent: .modificationSent(try decoder.fact(version))
        case .modificationFailed: .modificationFailed(try decoder.fact(version))
        case .sessionTimerChanged: .sessionTimerChanged(try decoder.fact(version))
        case .transferBegun: .transferBegun(try decoder.fact(version))
        case .callTransferred: .callTransferred(try decoder.fact(version))
        case .channelRefused: .channelRefused(try decoder.fact(version))
        case .channelSeized: .channelSeized(try decoder.fact(version))
        case .channelReleased: .channelReleased(try decoder.fact(version))
        case .attemptSent: .attemptSent(try decoder.fact(version))
        case .attemptProgressed: .attemptProgressed(try decoder.fact(version))
        case .attemptAnswered: .attemptAnswered(try decoder.fact(version))
        case .attemptFailed: .attemptFailed(try decoder.fact(version))
        case .exportClosed: .exportClosed(try decoder.fact(version))
        case .exportDelivered: .exportDelivered(try decoder.fact(version))
        case .exportFailed: .exportFailed(try decoder.fact(version))
        case .rateDeckLoaded: .rateDeckLoaded(try decoder.fact(version))
        case .invoiceLoaded: .invoiceLoaded(try decoder.fact(version))
        }
    }
}
