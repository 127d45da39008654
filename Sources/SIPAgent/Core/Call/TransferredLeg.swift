import TrunkEvents

/// A leg on its way from one call to another.
struct TransferredLeg: Sendable {
    let leg: Leg
    let localTag: [UInt8]
    let origin: LegOrigin
    /// When its call was to end at the latest.
    var endsAt: MonotonicInstant?
}

/// The call that a transferred leg goes on belonging to in the log. Its channel is that call's, and
/// that call ends with the one that the leg is in.
struct LegOrigin: Sendable {
    let party: CallParty
    /// Whose side the leg is on there.
    let side: EndedBy
    let channel: HeldChannel

    var call: CallID { channel.call }
}

/// How the log names a leg.
struct LegHome: Sendable {
    let call: CallID
    let party: CallParty
}

extension Call {
    func home(of leg: LegID) -> LegHome {
        if leg == .caller, let origin = caller.origin {
            return LegHome(call: origin.call, party: origin.party)
        }
        return LegHome(call: id, party: party(leg))
    }

    /// This one, and that of a transferred leg: what befalls the one befalls the other.
    var calls: [CallID] { [id] + (caller.origin.map { [$0.call] } ?? []) }
}

extension CallEnded {
    /// The same end in the call that a transferred leg comes from. There its side is what it was;
    /// the new callee has taken the place of the other.
    func asSeen(from origin: LegOrigin) -> CallEnded {
        var end = self
        end.call = origin.call
        end.endedBy =
            switch endedBy {
            case .local: origin.side
            case .remote: origin.side == .remote ? .local : .remote
            case .agent: .agent
            }
        return end
    }
}

extension CallerLeg {
    /// A leg that was transferred takes the caller's place.
    init(_ transferred: TransferredLeg) {
        let dialog = transferred.leg.dialog
        self.init(
            invite: .forgotten, source: dialog.flow, listener: dialog.local,
            localTag: transferred.localTag, state: .answered(transferred.leg))
        forgetKey()
        origin = transferred.origin
    }
}
