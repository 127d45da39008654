/// The closed set of facts. A number, once used, keeps its meaning for ever.
public enum FactKind: UInt16, Hashable, Sendable, CaseIterable {
    case agentStarted = 1
    case agentStopped = 2
    case heartbeat = 3
    case clockStepped = 4
    case strangersDropped = 5
    case requestsDropped = 6
    case sourceBanned = 7
    case trunkConfigured = 16
    case trunkRemoved = 17
    case trunkNearCap = 18
    case trunkBelowCap = 19
    case trunkReachable = 20
    case trunkUnreachable = 21
    case trunkLocated = 22
    case trunkResting = 23
    case registrationSucceeded = 32
    case registrationFailed = 33
    case registrationExpired = 34
    case registrationRemoved = 35
    case callStarted = 48
    case routeChosen = 49
    case callAnswered = 50
    case callModified = 51
    case callEnded = 52
    case callRecovered = 53
    case callContinued = 54
    case callInterim = 55
    case sequencesReserved = 56
    case modificationSent = 57
    case modificationFailed = 58
    case sessionTimerChanged = 59
    case transferBegun = 60
    case callTransferred = 61
    case channelRefused = 64
    case channelSeized = 65
    case channelReleased = 66
    case attemptSent = 80
    case attemptProgressed = 81
    case attemptAnswered = 82
    case attemptFailed = 83
    case exportClosed = 96
    case exportDelivered = 97
    case exportFailed = 98
    case rateDeckLoaded = 112
    case invoiceLoaded = 113
}

extension FactKind: CustomStringConvertible {
    /// As the design names it and `events` prints it: `channelSeized`.
    public var description: String {
        switch self {
        case .agentStarted: "agentStarted"
        case .agentStopped: "agentStopped"
        case .heartbeat: "heartbeat"
        case .clockStepped: "clockStepped"
        case .strangersDropped: "strangersDropped"
        case .requestsDropped: "requestsDropped"
        case .sourceBanned: "sourceBanned"
        case .trunkConfigured: "trunkConfigured"
        case .trunkRemoved: "trunkRemoved"
        case .trunkNearCap: "trunkNearCap"
        case .trunkBelowCap: "trunkBelowCap"
        case .trunkReachable: "trunkReachable"
        case .trunkUnreachable: "trunkUnreachable"
        case .trunkLocated: "trunkLocated"
        case .trunkResting: "trunkResting"
        case .registrationSucceeded: "registrationSucceeded"
        case .registrationFailed: "registrationFailed"
        case .registrationExpired: "registrationExpired"
        case .registrationRemoved: "registrationRemoved"
        case .callStarted: "callStarted"
        case .routeChosen: "routeChosen"
        case .callAnswered: "callAnswered"
        case .callModified: "callModified"
        case .callEnded: "callEnded"
        case .callRecovered: "callRecovered"
        case .callContinued: "callContinued"
        case .callInterim: "callInterim"
        case .sequencesReserved: "sequencesReserved"
        case .modificationSent: "modificationSent"
        case .modificationFailed: "modificationFailed"
        case .sessionTimerChanged: "sessionTimerChanged"
        case .transferBegun: "transferBegun"
        case .callTransferred: "callTransferred"
        case .channelRefused: "channelRefused"
        case .channelSeized: "channelSeized"
        case .channelReleased: "channelReleased"
        case .attemptSent: "attemptSent"
        case .attemptProgressed: "attemptProgressed"
        case .attemptAnswered: "attemptAnswered"
        case .attemptFailed: "attemptFailed"
        case .exportClosed: "exportClosed"
        case .exportDelivered: "exportDelivered"
        case .exportFailed: "exportFailed"
        case .rateDeckLoaded: "rateDeckLoaded"
        case .invoiceLoaded: "invoiceLoaded"
        }
    }

    public init?(_ text: String) {
        guard let kind = Self.allCases.first(where: { $0.description == text }) else { return nil }
        self = kind
    }
}
