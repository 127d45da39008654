/// Something that happened, as the log keeps it.
public enum Event: Hashable, Sendable {
    case agentStarted(AgentStarted)
    case agentStopped(AgentStopped)
    case heartbeat(Heartbeat)
    case clockStepped(ClockStepped)
    case strangersDropped(StrangersDropped)
    case requestsDropped(RequestsDropped)
    case sourceBanned(SourceBanned)
    case trunkConfigured(TrunkConfigured)
    case trunkRemoved(TrunkRemoved)
    case trunkNearCap(TrunkNearCap)
    case trunkBelowCap(TrunkBelowCap)
    case trunkReachable(TrunkReachable)
    case trunkUnreachable(TrunkUnreachable)
    case trunkLocated(TrunkLocated)
    case trunkResting(TrunkResting)
    case registrationSucceeded(RegistrationSucceeded)
    case registrationFailed(RegistrationFailed)
    case registrationExpired(RegistrationExpired)
    case registrationRemoved(RegistrationRemoved)
    case callStarted(CallStarted)
    case routeChosen(RouteChosen)
    case callAnswered(CallAnswered)
    case callModified(CallModified)
    case callEnded(CallEnded)
    case callRecovered(CallRecovered)
    case callContinued(CallContinued)
    case callInterim(CallInterim)
    case sequencesReserved(SequencesReserved)
    case modificationSent(ModificationSent)
    case modificationFailed(ModificationFailed)
    case sessionTimerChanged(SessionTimerChanged)
    case transferBegun(TransferBegun)
    case callTransferred(CallTransferred)
    case channelRefused(ChannelRefused)
    case channelSeized(ChannelSeized)
    case channelReleased(ChannelReleased)
    case attemptSent(AttemptSent)
    case attemptProgressed(AttemptProgressed)
    case attemptAnswered(AttemptAnswered)
    case attemptFailed(AttemptFailed)
    case exportClosed(ExportClosed)
    case exportDelivered(ExportDelivered)
    case exportFailed(ExportFailed)
    case rateDeckLoaded(RateDeckLoaded)
    case invoiceLoaded(InvoiceLoaded)
}

extension Event {
    public var kind: FactKind {
        switch self {
        case .agentStarted: .agentStarted
        case .agentStopped: .agentStopped
        case .heartbeat: .heartbeat
        case .clockStepped: .clockStepped
        case .strangersDropped: .strangersDropped
        case .requestsDropped: .requestsDropped
        case .sourceBanned: .sourceBanned
        case .trunkConfigured: .trunkConfigured
        case .trunkRemoved: .trunkRemoved
        case .trunkNearCap: .trunkNearCap
        case .trunkBelowCap: .trunkBelowCap
        case .trunkReachable: .trunkReachable
        case .trunkUnreachable: .trunkUnreachable
        case .trunkLocated: .trunkLocated
        case .trunkResting: .trunkResting
        case .registrationSucceeded: .registrationSucceeded
        case .registrationFailed: .registrationFailed
        case .registrationExpired: .registrationExpired
        case .registrationRemoved: .registrationRemoved
        case .callStarted: .callStarted
        case .routeChosen: .routeChosen
        case .callAnswered: .callAnswered
        case .callModified: .callModified
        case .callEnded: .callEnded
        case .callRecovered: .callRecovered
        case .callContinued: .callContinued
        case .callInterim: .callInterim
        case .sequencesReserved: .sequencesReserved
        case .modificationSent: .modificationSent
        case .modificationFailed: .modificationFailed
        case .sessionTimerChanged: .sessionTimerChanged
        case .transferBegun: .transferBegun
        case .callTransferred: .callTransferred
        case .channelRefused: .channelRefused
        case .channelSeized: .channelSeized
        case .channelReleased: .channelReleased
        case .attemptSent: .attemptSent
        case .attemptProgressed: .attemptProgressed
        case .attemptAnswered: .attemptAnswered
        case .attemptFailed: .attemptFailed
        case .exportClosed: .exportClosed
        case .exportDelivered: .exportDelivered
        case .exportFailed: .exportFailed
        case .rateDeckLoaded: .rateDeckLoaded
        case .invoiceLoaded: .invoiceLoaded
        }
    }

    public var stream: FactStream {
        switch self {
        case .agentStarted(let fact): fact.stream
        case .agentStopped(let fact): fact.stream
        case .heartbeat(let fact): fact.stream
        case .clockStepped(let fact): fact.stream
        case .strangersDropped(let fact): fact.stream
        case .requestsDropped(let fact): fact.stream
        case .sourceBanned(let fact): fact.stream
        case .trunkConfigured(let fact): fact.stream
        case .trunkRemoved(let fact): fact.stream
        case .trunkNearCap(let fact): fact.stream
        case .trunkBelowCap(let fact): fact.stream
        case .trunkReachable(let fact): fact.stream
        case .trunkUnreachable(let fact): fact.stream
        case .trunkLocated(let fact): fact.stream
        case .trunkResting(let fact): fact.stream
        case .registrationSucceeded(let fact): fact.stream
        case .registrationFailed(let fact): fact.stream
        case .registrationExpired(let fact): fact.stream
        case .registrationRemoved(let fact): fact.stream
        case .callStarted(let fact): fact.stream
        case .routeChosen(let fact): fact.stream
        case .callAnswered(let fact): fact.stream
        case .callModified(let fact): fact.stream
        case .callEnded(let fact): fact.stream
        case .callRecovered(let fact): fact.stream
        case .callContinued(let fact): fact.stream
        case .callInterim(let fact): fact.stream
        case .sequencesReserved(let fact): fact.stream
        case .modificationSent(let fact): fact.stream
        case .modificationFailed(let fact): fact.stream
        case .sessionTimerChanged(let fact): fact.stream
        case .transferBegun(let fact): fact.stream
        case .callTransferred(let fact): fact.stream
        case .channelRefused(let fact): fact.stream
        case .channelSeized(let fact): fact.stream
        case .channelReleased(let fact): fact.stream
        case .attemptSent(let fact): fact.stream
        case .attemptProgressed(let fact): fact.stream
        case .attemptAnswered(let fact): fact.stream
        case .attemptFailed(let fact): fact.stream
        case .exportClosed(let fact): fact.stream
        case .exportDelivered(let fact): fact.stream
        case .exportFailed(let fact): fact.stream
        case .rateDeckLoaded(let fact): fact.stream
        case .invoiceLoaded(let fact): fact.stream
        }
    }

    /// The encoding's version, kept in the envelope beside the kind.
    public var version: UInt8 {
        switch self {
        case .agentStarted: AgentStarted.version
        case .agentStopped: AgentStopped.version
        case .heartbeat: Heartbeat.version
        case .clockStepped: ClockStepped.version
        case .strangersDropped: StrangersDropped.version
        case .requestsDropped: RequestsDropped.version
        case .sourceBanned: SourceBanned.version
        case .trunkConfigured: TrunkConfigured.version
        case .trunkRemoved: TrunkRemoved.version
        case .trunkNearCap: TrunkNearCap.version
        case .trunkBelowCap: TrunkBelowCap.version
        case .trunkReachable: TrunkReachable.version
        case .trunkUnreachable: TrunkUnreachable.version
        case .trunkLocated: TrunkLocated.version
        case .trunkResting: TrunkResting.version
        case .registrationSucceeded: RegistrationSucceeded.version
        case .registrationFailed: RegistrationFailed.version
        case .registrationExpired: RegistrationExpired.version
        case .registrationRemoved: RegistrationRemoved.version
        case .callStarted: CallStarted.version
        case .routeChosen: RouteChosen.version
        case .callAnswered: CallAnswered.version
        case .callModified: CallModified.version
        case .callEnded: CallEnded.version
        case .callRecovered: CallRecovered.version
        case .callContinued: CallContinued.version
        case .callInterim: CallInterim.version
        case .sequencesReserved: SequencesReserved.version
        case .modificationSent: ModificationSent.version
        case .modificationFailed: ModificationFailed.version
        case .sessionTimerChanged: SessionTimerChanged.version
        case .transferBegun: TransferBegun.version
        case .callTransferred: CallTransferred.version
        case .channelRefused: ChannelRefused.version
        case .channelSeized: ChannelSeized.version
        case .channelReleased: ChannelReleased.version
        case .attemptSent: AttemptSent.version
        case .attemptProgressed: AttemptProgressed.version
        case .attemptAnswered: AttemptAnswered.version
        case .attemptFailed: AttemptFailed.version
        case .exportClosed: ExportClosed.version
        case .exportDelivered: ExportDelivered.version
        case .exportFailed: ExportFailed.version
        case .rateDeckLoaded: RateDeckLoaded.version
        case .invoiceLoaded: InvoiceLoaded.version
        }
    }

    /// Names and values of the fact's own fields, in the order of their encoding.
    public func visit(_ visitor: inout some FactVisitor) {
        switch self {
        case .agentStarted(let fact): fact.visit(&visitor)
        case .agentStopped(let fact): fact.visit(&visitor)
        case .heartbeat(let fact): fact.visit(&visitor)
        case .clockStepped(let fact): fact.visit(&visitor)
        case .strangersDropped(let fact): fact.visit(&visitor)
        case .requestsDropped(let fact): fact.visit(&visitor)
        case .sourceBanned(let fact): fact.visit(&visitor)
        case .trunkConfigured(let fact): fact.visit(&visitor)
        case .trunkRemoved(let fact): fact.visit(&visitor)
        case .trunkNearCap(let fact): fact.visit(&visitor)
        case .trunkBelowCap(let fact): fact.visit(&visitor)
        case .trunkReachable(let fact): fact.visit(&visitor)
        case .trunkUnreachable(let fact): fact.visit(&visitor)
        case .trunkLocated(let fact): fact.visit(&visitor)
        case .trunkResting(let fact): fact.visit(&visitor)
        case .registrationSucceeded(let fact): fact.visit(&visitor)
        case .registrationFailed(let fact): fact.visit(&visitor)
        case .registrationExpired(let fact): fact.visit(&visitor)
        case .registrationRemoved(let fact): fact.visit(&visitor)
        case .callStarted(let fact): fact.visit(&visitor)
        case .routeChosen(let fact): fact.visit(&visitor)
        case .callAnswered(let fact): fact.visit(&visitor)
        case .callModified(let fact): fact.visit(&visitor)
        case .callEnded(let fact): fact.visit(&visitor)
        case .callRecovered(let fact): fact.visit(&visitor)
        case .callContinued(let fact): fact.visit(&visitor)
        case .callInterim(let fact): fact.visit(&visitor)
        case .sequencesReserved(let fact): fact.visit(&visitor)
        case .modificationSent(let fact): fact.visit(&visitor)
        case .modificationFailed(let fact): fact.visit(&visitor)
        case .sessionTimerChanged(let fact): fact.visit(&visitor)
        case .transferBegun(let fact): fact.visit(&visitor)
        case .callTransferred(let fact): fact.visit(&visitor)
        case .channelRefused(let fact): fact.visit(&visitor)
        case .channelSeized(let fact): fact.visit(&visitor)
        case .channelReleased(let fact): fact.visit(&visitor)
        case .attemptSent(let fact): fact.visit(&visitor)
        case .attemptProgressed(let fact): fact.visit(&visitor)
        case .attemptAnswered(let fact): fact.visit(&visitor)
        case .attemptFailed(let fact): fact.visit(&visitor)
        case .exportClosed(let fact): fact.visit(&visitor)
        case .exportDelivered(let fact): fact.visit(&visitor)
        case .exportFailed(let fact): fact.visit(&visitor)
        case .rateDeckLoaded(let fact): fact.visit(&visitor)
        case .invoiceLoaded(let fact): fact.visit(&visitor)
        }
    }
}
