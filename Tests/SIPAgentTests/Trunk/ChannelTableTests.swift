import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

struct ChannelTableTests {
    private var table = ChannelTable()
    private let limits = ChannelLimits(total: 3, inbound: 1, outbound: 2, nearCapPercent: 80)

    private func call(_ number: UInt64) -> CallID { CallID(rawValue: number) }

    private mutating func seize(_ number: UInt64, _ way: CallDirection) -> ChannelTable.Seizure {
        table.seize(alpha, call: call(number), attempt: .first, direction: way, limits: limits)
    }

    @Test mutating func refusesBeyondTheCapAndBeyondAShare() {
        #expect(seize(1, .outbound) == .seized(inUse: 1, cap: 3))
        #expect(seize(2, .outbound) == .seized(inUse: 2, cap: 3))
        #expect(seize(3, .outbound) == .refused(.capOut, inUse: 2, cap: 2))
        #expect(seize(4, .inbound) == .seized(inUse: 3, cap: 3))
        #expect(seize(5, .inbound) == .refused(.cap, inUse: 3, cap: 3))
        #expect(table.inUse(beta) == 0)
    }

    @Test mutating func refusesBeyondTheInboundShare() {
        #expect(seize(1, .inbound) == .seized(inUse: 1, cap: 3))
        #expect(seize(2, .inbound) == .refused(.capIn, inUse: 1, cap: 1))
    }

    @Test func theLastChannelsAreForEmergencies() {
        var table = ChannelTable()
        let limits = ChannelLimits(total: 4, outbound: 3, emergencyReserve: 1)
        let seize = { (number: UInt64, way: CallDirection, isEmergency: Bool) in
            table.seize(
                alpha, call: CallID(rawValue: number), attempt: .first, direction: way,
                isEmergency: isEmergency, limits: limits)
        }
        #expect(seize(1, .outbound, false) == .seized(inUse: 1, cap: 4))
        #expect(seize(2, .outbound, false) == .seized(inUse: 2, cap: 4))
        #expect(seize(3, .outbound, false) == .refused(.reserved, inUse: 2, cap: 3))
        #expect(seize(4, .inbound, false) == .seized(inUse: 3, cap: 4))
        #expect(seize(5, .inbound, false) == .refused(.reserved, inUse: 3, cap: 4))
        #expect(seize(6, .outbound, true) == .seized(inUse: 4, cap: 4))
        #expect(seize(7, .outbound, true) == .refused(.cap, inUse: 4, cap: 4))
    }

    @Test mutating func aSecondReleaseChangesNothing() {
        _ = seize(1, .outbound)
        let first = table.release(alpha, call: call(1), attempt: .first)
        let second = table.release(alpha, call: call(1), attempt: .first)
        let strange = table.release(beta, call: call(9), attempt: .first)
        #expect([first, second, strange] == [.released(inUse: 0), .notHeld, .notHeld])
    }

    @Test mutating func whatARecoveryHoldsCountsOnceAndBeyondTheCap() {
        for number in [1, 2, 3, 4, 4] as [UInt64] {
            table.holdRecovered(
                alpha, call: call(number), attempt: .first, direction: .outbound)
        }
        #expect(table.inUse(alpha) == 4)
        #expect(table.inUse(alpha, .outbound) == 4)
        #expect(seize(5, .inbound) == .refused(.cap, inUse: 4, cap: 3))
    }

    // kamailio#4046: the load to take away was not found again.
    @Test mutating func aFailedOverCallHoldsEachTrunkByItsOwnAttempt() {
        _ = seize(1, .outbound)
        let next = table.seize(
            alpha, call: call(1), attempt: AttemptNumber.first.next, direction: .outbound,
            limits: limits)
        #expect(next == .seized(inUse: 2, cap: 3))
        #expect(table.release(alpha, call: call(1), attempt: .first) == .released(inUse: 1))
        #expect(table.holds(alpha, call: call(1), attempt: AttemptNumber.first.next))
    }

    // opensips#3026: a full destination flooded the log.
    @Test mutating func tellsCrossingsOnce() {
        for number in [1, 2] as [UInt64] { _ = seize(number, .outbound) }
        #expect(crossings().isEmpty)
        _ = seize(3, .inbound)
        #expect(crossings() == [.trunkNearCap(TrunkNearCap(trunk: alpha, inUse: 3, cap: 3))])
        #expect(crossings().isEmpty)
        _ = table.release(alpha, call: call(3), attempt: .first)
        #expect(crossings() == [.trunkBelowCap(TrunkBelowCap(trunk: alpha, inUse: 2, cap: 3))])
    }

    private mutating func crossings() -> [Event] {
        table.capCrossings(of: alpha, limits: ChannelLimits(total: 3, nearCapPercent: 80))
    }

    /// A direction that has a cap of its own may be full while the trunk is not.
    @Test func aDirectionHasItsOwnCrossings() {
        var table = ChannelTable()
        var limits = ChannelLimits(total: 10, inbound: 2, outbound: 4, nearCapPercent: 80)
        func near(_ inUse: UInt32, _ cap: UInt32, _ way: CallDirection?) -> Event {
            .trunkNearCap(TrunkNearCap(trunk: alpha, inUse: inUse, cap: cap, direction: way))
        }
        func below(_ inUse: UInt32, _ cap: UInt32, _ way: CallDirection?) -> Event {
            .trunkBelowCap(TrunkBelowCap(trunk: alpha, inUse: inUse, cap: cap, direction: way))
        }
        var seen: [[Event]] = []
        for (number, way) in [(1, .inbound), (2, .inbound), (3, .outbound), (4, .outbound)]
            as [(UInt64, CallDirection)]
        {
            _ = table.seize(
                alpha, call: call(number), attempt: .first, direction: way, limits: limits)
            seen.append(table.capCrossings(of: alpha, limits: limits))
        }
        #expect(seen == [[], [near(2, 2, .inbound)], [], []])
        limits.total = 5
        limits.outbound = 2
        let tightened = [near(4, 5, nil), near(2, 2, .outbound)]
        #expect(table.capCrossings(of: alpha, limits: limits) == tightened)
        _ = table.release(alpha, call: call(1), attempt: .first)
        let freed = [below(3, 5, nil), below(1, 2, .inbound)]
        #expect(table.capCrossings(of: alpha, limits: limits) == freed)
    }

    // opensips#1748, #2266: the load stayed 0 for hours; #2923: it stayed above what was there.
    /// Against a list of what is held, over random seizures, releases and limits.
    @Test func agreesWithANaiveModel() {
        var random = Seed(for: "ChannelTable").generator()
        var model = ChannelModel()
        for _ in 0..<20_000 { model.step(&random) }
    }
}

/// The table beside a plain list of (trunk, call, direction).
private struct ChannelModel {
    private var table = ChannelTable()
    private var held: [(trunk: TrunkName, call: CallID, way: CallDirection)] = []

    mutating func step(_ random: inout SeededGenerator) {
        let trunk = Bool.random(using: &random) ? alpha : beta
        let call = CallID(rawValue: UInt64.random(in: 0..<12, using: &random))
        let way: CallDirection = Bool.random(using: &random) ? .inbound : .outbound
        let place = held.firstIndex { $0.trunk == trunk && $0.call == call }
        switch Int.random(in: 0..<5, using: &random) {
        case 0, 1:
            release(trunk, call, place)
        case 2:
            table.holdRecovered(trunk, call: call, attempt: .first, direction: way)
            if place == nil { held.append((trunk, call, way)) }
        default:
            if place == nil { seize(trunk, call, way, limits(&random)) }
        }
        #expect(table.inUse(trunk) == UInt32(held.count { $0.trunk == trunk }))
    }

    private func limits(_ random: inout SeededGenerator) -> ChannelLimits {
        ChannelLimits(
            total: UInt32.random(in: 0..<12, using: &random),
            inbound: Bool.random(using: &random) ? UInt32.random(in: 0..<6, using: &random) : nil)
    }

    private mutating func release(_ trunk: TrunkName, _ call: CallID, _ place: Int?) {
        if let place { held.remove(at: place) }
        let rest = UInt32(held.count { $0.trunk == trunk })
        let answer = table.release(trunk, call: call, attempt: .first)
        #expect(answer == (place == nil ? .notHeld : .released(inUse: rest)))
    }

    private mutating func seize(
        _ trunk: TrunkName, _ call: CallID, _ way: CallDirection, _ limits: ChannelLimits
    ) {
        let mine = held.filter { $0.trunk == trunk }
        let inbound = mine.count { $0.way == .inbound }
        let fits =
            mine.count < limits.total && (way == .outbound || inbound < limits.inbound ?? .max)
        let answer = table.seize(
            trunk, call: call, attempt: .first, direction: way, limits: limits)
        switch answer {
        case .seized(let inUse, let cap):
            #expect(fits && inUse == UInt32(mine.count + 1) && cap == limits.total)
            held.append((trunk, call, way))
        case .refused(_, let inUse, let cap):
            #expect(!fits && inUse >= cap)
        }
    }
}
