public import TrunkEvents

/// What the agent would say of itself now.
public struct AgentStatus: Hashable, Sendable {
    public struct Trunk: Hashable, Sendable {
        public var name: TrunkName
        public var inUse: UInt32
        public var cap: UInt32
        /// `nil` where the carrier knows us by our address.
        public var isRegistered: Bool?
        /// `nil` while nobody knows: not probed yet, or not to be probed.
        public var isReachable: Bool?
        /// Why an outbound call would not be offered to it.
        public var refusal: RefusalReason?
    }

    /// In the order of the configuration.
    public var trunks: [Trunk]
    public var openCalls: Int
    /// Transactions that are alive, lingering ones too.
    public var transactions: Int
    /// Timers that run, of transactions and of calls.
    public var timers: Int
}

extension AgentCore {
    public var status: AgentStatus {
        AgentStatus(
            trunks: board.trunks.names.compactMap { name in
                board.trunks[name].map { trunkStatus($0) }
            },
            openCalls: calls.count, transactions: board.transactions.count,
            timers: board.transactions.timerCount + callTimers.count)
    }

    private func trunkStatus(_ line: TrunkLine) -> AgentStatus.Trunk {
        let health = line.health(at: board.now.monotonic)
        let isRegistered: Bool? =
            switch health.binding {
            case .notNeeded: nil
            case .absent: false
            case .inForce: true
            }
        let isReachable: Bool? =
            switch health.reachability {
            case .unknown: nil
            case .reachable: true
            case .unreachable: false
            }
        return AgentStatus.Trunk(
            name: line.name, inUse: board.trunks.channels.inUse(line.name),
            cap: line.configuration.channels.total, isRegistered: isRegistered,
            isReachable: isReachable,
            refusal: line.refusal(at: board.now.monotonic, .ordinary))
    }
}
