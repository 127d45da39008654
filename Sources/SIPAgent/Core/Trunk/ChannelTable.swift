import TrunkEvents

/// Who holds which channel of which trunk: sets, never counters, so that a double BYE, a crossing
/// CANCEL or a replayed event cannot make the figure drift.
///
/// It decides alone whether a channel may be seized; callers record what it answers.
struct ChannelTable: Sendable {
    private var trunks: [TrunkName: HeldChannels] = [:]

    /// The answer to a seizure.
    enum Seizure: Hashable, Sendable {
        /// The channel is held. `inUse` counts it, both directions together.
        case seized(inUse: UInt32, cap: UInt32)
        /// Nothing changed. `inUse` and `cap` are those of the limit that refused.
        case refused(RefusalReason, inUse: UInt32, cap: UInt32)
    }

    /// The answer to a release.
    enum Release: Hashable, Sendable {
        /// The channel is free. `inUse` no longer counts it.
        case released(inUse: UInt32)
        /// It had been released before, or was never held: nothing to record.
        case notHeld
    }

    /// An attempt seizes once: its second seizure would be a second fact about one channel.
    mutating func seize(
        _ trunk: TrunkName, call: CallID, attempt: AttemptNumber, direction: CallDirection,
        isEmergency: Bool = false, limits: ChannelLimits
    ) -> Seizure {
        let holder = ChannelHolder(call: call, attempt: attempt)
        precondition(
            trunks[trunk]?.contains(holder) != true, "an attempt seizes its channel once")
        if let refusal = refusal(
            of: trunk, direction, isEmergency: isEmergency, limits: limits)
        {
            return refusal
        }
        trunks[trunk, default: HeldChannels()].insert(holder, direction)
        return .seized(inUse: inUse(trunk), cap: limits.total)
    }

    /// The refusal that a seizure would get now; nil when there is a channel.
    func refusal(
        of trunk: TrunkName, _ direction: CallDirection, isEmergency: Bool = false,
        limits: ChannelLimits
    ) -> Seizure? {
        let inUse = inUse(trunk)
        let share = self.inUse(trunk, direction)
        let (shareCap, shareReason): (UInt32?, RefusalReason) =
            switch direction {
            case .inbound: (limits.inbound, .capIn)
            case .outbound: (limits.outbound, .capOut)
            }
        if inUse >= limits.total { return .refused(.cap, inUse: inUse, cap: limits.total) }
        if let shareCap, share >= shareCap {
            return .refused(shareReason, inUse: share, cap: shareCap)
        }
        guard !isEmergency, limits.emergencyReserve > 0 else { return nil }
        if inUse + limits.emergencyReserve >= limits.total {
            return .refused(.reserved, inUse: inUse, cap: limits.total)
        }
        guard direction == .outbound, let shareCap, share + limits.emergencyReserve >= shareCap
        else { return nil }
        return .refused(.reserved, inUse: share, cap: shareCap)
    }

    /// Answers alike however often it is asked.
    mutating func release(_ trunk: TrunkName, call: CallID, attempt: AttemptNumber) -> Release {
        let holder = ChannelHolder(call: call, attempt: attempt)
        guard trunks[trunk]?.remove(holder) == true else { return .notHeld }
        return .released(inUse: inUse(trunk))
    }

    /// Takes over a seizure that the log shows without its release. The carrier counts it
    /// already, so it is held even when the cap has shrunk below it. Holding twice is holding
    /// once.
    mutating func holdRecovered(
        _ trunk: TrunkName, call: CallID, attempt: AttemptNumber, direction: CallDirection
    ) {
        let holder = ChannelHolder(call: call, attempt: attempt)
        guard !holds(trunk, call: call, attempt: attempt) else { return }
        trunks[trunk, default: HeldChannels()].insert(holder, direction)
    }

    /// The facts that load crossed a near-cap threshold since this was last asked, in total or in a
    /// direction that has a cap of its own. Ask after each seizure, release, recovery and change of
    /// limits.
    mutating func capCrossings(of trunk: TrunkName, limits: ChannelLimits) -> [Event] {
        trunks[trunk]?.capCrossings(of: trunk, limits) ?? []
    }

    func inUse(_ trunk: TrunkName) -> UInt32 { trunks[trunk]?.inUse ?? 0 }

    func inUse(_ trunk: TrunkName, _ direction: CallDirection) -> UInt32 {
        trunks[trunk]?.count(direction) ?? 0
    }

    func holds(_ trunk: TrunkName, call: CallID, attempt: AttemptNumber) -> Bool {
        trunks[trunk]?.contains(ChannelHolder(call: call, attempt: attempt)) == true
    }
}

/// One INVITE to one trunk.
private struct ChannelHolder: Hashable {
    var call: CallID
    var attempt: AttemptNumber
}

/// A trunk's holders, each in one direction.
private struct HeldChannels {
    private var inbound: Set<ChannelHolder> = []
    private var outbound: Set<ChannelHolder> = []
    private var nearTotal = NearCapState()
    private var nearInbound = NearCapState()
    private var nearOutbound = NearCapState()

    var inUse: UInt32 { UInt32(inbound.count + outbound.count) }

    func count(_ direction: CallDirection) -> UInt32 {
        switch direction {
        case .inbound: UInt32(inbound.count)
        case .outbound: UInt32(outbound.count)
        }
    }

    func contains(_ holder: ChannelHolder) -> Bool {
        outbound.contains(holder) || inbound.contains(holder)
    }

    mutating func insert(_ holder: ChannelHolder, _ direction: CallDirection) {
        switch direction {
        case .inbound: inbound.insert(holder)
        case .outbound: outbound.insert(holder)
        }
    }

    mutating func remove(_ holder: ChannelHolder) -> Bool {
        outbound.remove(holder) != nil || inbound.remove(holder) != nil
    }

    mutating func capCrossings(of trunk: TrunkName, _ limits: ChannelLimits) -> [Event] {
        let percent = limits.nearCapPercent
        var facts: [Event] = []
        func note(
            _ crossing: NearCapState.Crossing?, _ inUse: UInt32, _ cap: UInt32?,
            _ direction: CallDirection? = nil
        ) {
            guard let crossing else { return }
            facts.append(crossing.fact(trunk, inUse: inUse, cap: cap ?? 0, direction))
        }
        let (received, placed) = (count(.inbound), count(.outbound))
        note(
            nearTotal.update(inUse: inUse, cap: limits.total, percent: percent), inUse,
            limits.total)
        note(
            nearInbound.update(inUse: received, cap: limits.inbound, percent: percent), received,
            limits.inbound, .inbound)
        note(
            nearOutbound.update(inUse: placed, cap: limits.outbound, percent: percent), placed,
            limits.outbound, .outbound)
        return facts
    }
}

extension NearCapState.Crossing {
    /// - Parameter direction: whose share it is.
    fileprivate func fact(
        _ trunk: TrunkName, inUse: UInt32, cap: UInt32, _ direction: CallDirection?
    ) -> Event {
        switch self {
        case .reached:
            .trunkNearCap(
                TrunkNearCap(trunk: trunk, inUse: inUse, cap: cap, direction: direction))
        case .left:
            .trunkBelowCap(
                TrunkBelowCap(trunk: trunk, inUse: inUse, cap: cap, direction: direction))
        }
    }
}
