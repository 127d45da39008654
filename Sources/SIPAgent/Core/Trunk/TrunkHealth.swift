import TrunkEvents

/// What is known of a trunk's ability to take calls. Doubt lets calls through: a trunk that knows
/// us by our address takes calls from the first moment, before any probe was answered.
struct TrunkHealth: Hashable, Sendable {
    enum Binding: Hashable, Sendable {
        /// The carrier knows us by our address.
        case notNeeded
        /// No registration is in force.
        case absent
        case inForce
    }

    enum Reachability: Hashable, Sendable {
        /// Not probed yet, or probing is off.
        case unknown
        case reachable
        case unreachable
    }

    var binding: Binding
    var reachability: Reachability
    /// The carrier asked for a pause.
    var isResting: Bool

    init(binding: Binding, reachability: Reachability = .unknown, isResting: Bool = false) {
        self.binding = binding
        self.reachability = reachability
        self.isResting = isResting
    }

    /// Why an outbound call is not offered to the trunk; nil when it is. An inbound call is its own
    /// proof that the trunk works, so this is not asked for those.
    var refusal: RefusalReason? {
        if binding == .absent { return .unregistered }
        if reachability == .unreachable { return .unreachable }
        return isResting ? .resting : nil
    }
}
