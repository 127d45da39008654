public import TrunkEvents

/// Counts of finished attempts, and the indicators that carriers and standards make of them.
///
/// The formulas with their sources are in `Projections.docc/KeyIndicators.md`.
public struct CallQuality: Hashable, Sendable {
    /// Finished attempts: the INVITEs that held a channel.
    public private(set) var seizures: UInt64 = 0
    public private(set) var answered: UInt64 = 0
    /// Calls that asked for a channel here, whether they got one or not.
    public internal(set) var bids: UInt64 = 0
    /// Requests for a channel that found none free, and all requests.
    public internal(set) var blocked: UInt64 = 0
    public internal(set) var refused: UInt64 = 0
    /// The refused requests, by reason.
    public internal(set) var refusals: [RefusalReason: UInt64] = [:]
    public private(set) var talkMilliseconds: Int64 = 0
    public internal(set) var registrations: UInt64 = 0
    public internal(set) var ineffectiveRegistrations: UInt64 = 0
    /// The most channels seized within any one second.
    public internal(set) var callsPerSecondPeak: UInt64 = 0

    private var networkEffective: UInt64 = 0
    private var redirected: UInt64 = 0
    private var effective: UInt64 = 0
    private var ineffective: UInt64 = 0
    private var completed: UInt64 = 0
    private var short: UInt64 = 0
    private var rang: UInt64 = 0
    private var ringMilliseconds: Int64 = 0
    private var disconnected: UInt64 = 0
    private var disconnectMilliseconds: Int64 = 0

    public init() {}

    /// - Parameter shortBelow: answered calls of less talk are short.
    public mutating func add(_ row: CDRRow, shortBelow limit: Nanoseconds) {
        let code = row.code?.rawValue
        seizures += 1
        if row.isNetworkEffective { networkEffective += 1 }
        if let code, (300..<400).contains(code) { redirected += 1 }
        if row.disposition == .answered {
            addAnswered(row, limit)
        } else {
            if let code, Self.effectiveCodes.contains(code) { effective += 1 }
            if let code, Self.ineffectiveCodes.contains(code) { ineffective += 1 }
        }
        if let heard = row.rangAt ?? row.answeredAt {
            rang += 1
            ringMilliseconds += max(0, row.seizedAt.duration(to: heard).milliseconds)
        }
    }

    private mutating func addAnswered(_ row: CDRRow, _ limit: Nanoseconds) {
        answered += 1
        talkMilliseconds += row.talkMilliseconds
        if row.talkMilliseconds < limit.milliseconds { short += 1 }
        guard row.endSource == .bye else { return }
        completed += 1
        // The carrier's own BYE frees the channel as it comes: only ours waits for an answer.
        guard row.endedBy != .remote else { return }
        disconnected += 1
        disconnectMilliseconds += max(
            0, row.holdMilliseconds - row.setupMilliseconds - row.talkMilliseconds)
    }

    /// RFC 6076 section 4.7: the callee, not the network, turned the call away.
    private static let effectiveCodes: Set<UInt16> = [480, 486, 600, 603]
    /// RFC 6076 section 4.8.
    private static let ineffectiveCodes: Set<UInt16> = [408, 500, 503, 504]
}

extension CallQuality {
    /// Answer-seizure ratio (ITU-T E.425).
    public var asr: Share { Share(answered, of: seizures) }
    /// Answer-bid ratio (ITU-T E.425): bids include the calls that got no channel.
    public var abr: Share { Share(answered, of: bids) }
    /// Network effectiveness ratio (ITU-T E.425).
    public var ner: Share { Share(networkEffective, of: seizures) }
    /// Session establishment ratio (RFC 6076 section 4.6).
    public var ser: Share { Share(answered, of: seizures - redirected) }
    /// Session establishment effectiveness ratio (RFC 6076 section 4.7).
    public var seer: Share { Share(answered + effective, of: seizures - redirected) }
    /// Ineffective session attempts (RFC 6076 section 4.8).
    public var isa: Share { Share(ineffective, of: seizures) }
    /// Session completion ratio (RFC 6076 section 4.9).
    public var scr: Share { Share(completed, of: seizures) }
    /// Ineffective registration attempts (RFC 6076 section 4.2).
    public var ira: Share { Share(ineffectiveRegistrations, of: registrations) }
    /// Answered calls with too little talk.
    public var shortCalls: Share { Share(short, of: answered) }
    /// Requests for a channel that found none free.
    public var blocking: Share { Share(blocked, of: seizures + refused) }

    /// Average call duration: talk of answered calls; `nil` without one.
    public var acdMilliseconds: Int64? { Self.mean(talkMilliseconds, answered) }
    /// Post-dial delay: seizure to the first 180, 183 or 200, of attempts that had one.
    public var pddMilliseconds: Int64? { Self.mean(ringMilliseconds, rang) }
    /// Session disconnect delay (RFC 6076 section 4.4): our BYE to its answer.
    public var sddMilliseconds: Int64? { Self.mean(disconnectMilliseconds, disconnected) }

    private static func mean(_ sum: Int64, _ count: UInt64) -> Int64? {
        count == 0 ? nil : sum / Int64(count)
    }
}

extension CDRRow {
    /// The network did its work: answered, busy, rang without an answer, or turned away by the
    /// called side (ITU-T E.425).
    fileprivate var isNetworkEffective: Bool {
        switch disposition {
        case .answered, .busy, .noAnswer: true
        case .cancelled: rangAt != nil
        case .rejected: code == .code(603)
        case .carrierFull, .failed: false
        }
    }
}
