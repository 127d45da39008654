import Projections
import TrunkEvents

@testable import SIPAgent

/// CDRs held against what the parties know (promise 3).
struct RecordTruth {
    /// The trunk leg's carrier and the other side, by the row's Call-IDs.
    let party: (Octets) -> PartyCall?
    /// Who the trunk leg of a transferred call talked with in the end.
    let joined: (CallID) -> PartyCall?
    let clock: SimulatedClock
    /// From a party's deed to its arrival; `nil` where messages may be lost or the clock is set.
    let slack: Nanoseconds?

    /// What is wrong with a row.
    func fault(in row: CDRRow) -> String? {
        guard let trunk = party(row.sipCallID) else { return nil }
        let isAnswered = row.answeredAt != nil
        // Inbound our 2xx is the answer, even where the carrier never gets it.
        if row.direction == .outbound, isAnswered, trunk.answeredAt == nil {
            return "\(row.id) is answered, and nobody answered it"
        }
        if trunk.isConfirmed, !isAnswered { return "\(row.id) is not answered: \(row.disposition)" }
        guard isAnswered, let slack, let dialer = party(row.dialerCallID),
            trunk.manners.isPolite, dialer.manners.isPolite
        else { return nil }
        let other = joined(row.call) ?? (dialer.hasTransferred ? nil : dialer)
        guard other?.manners.isPolite ?? true,
            let end = [trunk.endedAt, other?.endedAt].compactMap({ $0 }).min()
        else { return nil }
        let uncertainty = Nanoseconds.milliseconds(row.endUncertaintyMilliseconds)
        let truth = clock.wall(of: end)
        let earliest = row.endedAt.advanced(by: .zero - slack)
        let latest = max(row.endedAt.advanced(by: uncertainty), ourBye(row, other))
            .advanced(by: slack)
        guard truth < earliest || truth > latest else { return nil }
        let error = row.endedAt.duration(to: truth).milliseconds
        return "\(row.id) (\(row.call)) ended \(error) ms after what its row says, "
            + "+ \(row.endUncertaintyMilliseconds) ms (\(row.endedBy), \(row.endSource))"
    }

    /// Where it was not a party of this call that hung up, our BYE follows as late as the disk, or
    /// a kill, lets it. It has come when the channel is free.
    private func ourBye(_ row: CDRRow, _ other: PartyCall?) -> WallInstant {
        guard row.endSource != .bye || other == nil else { return row.endedAt }
        return row.releasedAt
    }
}
