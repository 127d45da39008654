import Projections
import TrunkEvents

@testable import SIPAgent

/// CDRs held against what the parties know (promise 3).
struct RecordTruth {
    /// The trunk leg's carrier and the other side, by the row's Call-IDs.
    let party: (Octets) -> PartyCall?
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
            trunk.manners.isPolite, dialer.manners.isPolite,
            let end = [trunk.endedAt, dialer.endedAt].compactMap({ $0 }).min()
        else { return nil }
        let uncertainty = Nanoseconds.milliseconds(row.endUncertaintyMilliseconds)
        let truth = clock.wall(of: end)
        let earliest = row.endedAt.advanced(by: .zero - slack)
        // Where it was not a party that hung up, our BYE follows as late as the disk lets it.
        let delay = row.endSource == .bye ? Nanoseconds.zero : .milliseconds(200)
        let latest = row.endedAt.advanced(by: uncertainty + slack + delay)
        guard truth < earliest || truth > latest else { return nil }
        let error = row.endedAt.duration(to: truth).milliseconds
        return "\(row.id) (\(row.call)) ended \(error) ms after what its row says, "
            + "+ \(row.endUncertaintyMilliseconds) ms (\(row.endedBy), \(row.endSource))"
    }
}
