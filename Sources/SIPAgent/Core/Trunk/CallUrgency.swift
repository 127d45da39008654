/// What a call heeds when it asks a trunk for a channel.
enum CallUrgency: Hashable, Sendable {
    case ordinary
    /// Neither a limit of calls a second, nor a pause that the carrier asked for, nor the fate of
    /// other calls.
    case emergency
    /// Not even a missing registration or an unanswered probe: no other trunk took the emergency
    /// call.
    case lastResort

    var isEmergency: Bool { self != .ordinary }
}
