import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

/// A table and the carriers behind it, by hand.
private struct TablePeer {
    var table: TrunkTable
    var now = instant(0)
    var requests: [TrunkRequest] = []
    private var entropy = Entropy.seeded(1)

    init(_ trunks: [TrunkConfiguration]) {
        table = TrunkTable(agent(trunks), at: now, entropy: &entropy)
    }

    @discardableResult
    mutating func pass(_ milliseconds: Int64) -> [Event] {
        now = now.advanced(by: .milliseconds(milliseconds))
        return note(table.advance(to: now, entropy: &entropy))
    }

    mutating func passToDeadline() {
        now = table.deadline ?? now
        pass(0)
    }

    @discardableResult
    mutating func reply(_ response: SIPMessage, to request: TrunkRequest?) -> [Event] {
        guard let request else { return [] }
        return note(table.receive(response, to: request.id, at: now, entropy: &entropy))
    }

    @discardableResult
    mutating func reload(_ trunks: [TrunkConfiguration]) -> [Event] {
        note(table.reload(agent(trunks), at: now, entropy: &entropy))
    }

    mutating func shutdown() -> [Event] {
        note(table.shutdown(at: now, entropy: &entropy))
    }

    mutating func admit(
        _ number: UInt64, to trunk: TrunkName, _ way: CallDirection = .outbound,
        urgency: CallUrgency = .ordinary, isNext: Bool = false
    ) -> TrunkTable.Admission {
        table.admit(
            trunk, call: CallID(rawValue: number), attempt: .first, direction: way,
            urgency: urgency, isNext: isNext, at: now)
    }

    /// A call was refused so, by the trunk's own server unless another host is named.
    mutating func refuse(
        _ response: SIPMessage, _ trunk: TrunkName, by host: Endpoint? = nil
    ) -> [Event] {
        guard let host = host ?? table[trunk]?.configuration.server.endpoint else { return [] }
        let status = StatusCode(response)
        return table.note(.failed(status), (response, host), of: trunk, at: now)
    }

    private mutating func note(_ actions: [TrunkAction]) -> [Event] {
        var events: [Event] = []
        for action in actions {
            switch action {
            case .record(let event): events.append(event)
            case .send(let request): requests.append(request)
            }
        }
        return events
    }
}

private let granted = answer(200, "OK", "Expires: 1800")

struct TrunkTableTests {
    @Test func aRegisteringTrunkTakesCallsOnceRegistered() {
        var peer = TablePeer([registeringTrunk()])
        #expect(peer.admit(1, to: alpha) == .refused(.unregistered, inUse: 0, cap: 2))
        #expect(!peer.table.canTakeCall(at: peer.now))
        peer.pass(0)
        #expect(peer.requests.map(\.method) == [.register])
        #expect(peer.reply(granted, to: peer.requests.last).count == 1)
        #expect(peer.admit(1, to: alpha) == .seized(inUse: 1, cap: 2, then: []))
        #expect(peer.table.canTakeCall(at: peer.now))
    }

    @Test func anInboundCallNeedsNoRegistration() {
        var peer = TablePeer([registeringTrunk()])
        #expect(peer.admit(1, to: alpha, .inbound) == .seized(inUse: 1, cap: 2, then: []))
    }

    @Test func anUnreachableTrunkIsSkippedUntilItAnswers() {
        var peer = TablePeer([addressTrunk(probeInterval: .seconds(30))])
        #expect(peer.admit(1, to: beta) == .seized(inUse: 1, cap: 2, then: []))
        for _ in 0..<3 {
            peer.passToDeadline()
            peer.reply(answer(503), to: peer.requests.last)
        }
        #expect(peer.admit(2, to: beta) == .refused(.unreachable, inUse: 1, cap: 2))
        peer.passToDeadline()
        peer.reply(answer(200), to: peer.requests.last)
        #expect(peer.admit(2, to: beta) == .seized(inUse: 2, cap: 2, then: []))
        #expect(peer.admit(3, to: beta) == .refused(.cap, inUse: 2, cap: 2))
    }

    @Test func aBurstWaitsForItsTurn() {
        let rate = CallRateLimit(callsPerSecond: 1, waitLimit: .milliseconds(1_500))
        var peer = TablePeer([
            addressTrunk(channels: ChannelLimits(total: 9), callsPerSecond: rate)
        ])
        #expect(peer.admit(1, to: beta) == .seized(inUse: 1, cap: 9, then: []))
        #expect(peer.admit(2, to: beta) == .wait(until: instant(1_000)))
        #expect(peer.admit(3, to: beta) == .refused(.cps, inUse: 1, cap: 9))
        #expect(peer.admit(4, to: beta, urgency: .emergency) == .seized(inUse: 2, cap: 9, then: []))
        #expect(peer.admit(5, to: beta, .inbound) == .seized(inUse: 3, cap: 9, then: []))
        peer.pass(1_000)
        peer.table.stopWaiting(for: beta)
        #expect(peer.admit(2, to: beta, isNext: true) == .seized(inUse: 4, cap: 9, then: []))
    }

    @Test func aFullTrunkTakesNoTurn() {
        let rate = CallRateLimit(callsPerSecond: 2)
        var peer = TablePeer([
            addressTrunk(channels: ChannelLimits(total: 1), callsPerSecond: rate)
        ])
        #expect(peer.admit(1, to: beta) == .seized(inUse: 1, cap: 1, then: []))
        #expect(peer.admit(2, to: beta) == .refused(.cap, inUse: 1, cap: 1))
        _ = peer.table.release(beta, call: CallID(rawValue: 1), attempt: .first)
        #expect(peer.admit(3, to: beta) == .seized(inUse: 1, cap: 1, then: []))
    }

    @Test func aTrunkRestsAsLongAsTheCarrierAsks() {
        var peer = TablePeer([addressTrunk(), addressTrunk(alpha)])
        let busy = answer(503, "Service Unavailable", "Retry-After: 20 (congested)")
        let rest = Event.trunkResting(TrunkResting(trunk: beta, seconds: 20))
        #expect(peer.refuse(busy, beta) == [rest])
        #expect(peer.refuse(busy, beta).isEmpty, "one of many calls at once")
        #expect(peer.admit(1, to: beta) == .refused(.resting, inUse: 0, cap: 2))
        #expect(peer.admit(1, to: beta, urgency: .emergency) == .seized(inUse: 1, cap: 2, then: []))
        #expect(peer.admit(2, to: alpha) == .seized(inUse: 1, cap: 2, then: []))
        peer.pass(20_000)
        #expect(peer.admit(3, to: beta) == .seized(inUse: 2, cap: 2, then: []))
    }

    @Test(arguments: [
        (503, [], false), (486, ["Retry-After: 20"], false), (403, ["Retry-After: 20"], false),
        (503, ["Retry-After: 1"], true), (503, ["Retry-After: 4000000000"], true),
    ] as [(Int, [String], Bool)])
    func onlyAFullCarrierRests(code: Int, headers: [String], rests: Bool) {
        var peer = TablePeer([addressTrunk()])
        let response = headers.first.map { answer(code, "X", $0) } ?? answer(code)
        _ = peer.refuse(response, beta)
        #expect(peer.table.canTakeCall(at: peer.now) != rests)
        peer.pass(600_000)
        #expect(peer.table.canTakeCall(at: peer.now))
    }

    // siphon-sip PR#69: a 503 to a probe counted as healthy.
    @Test func aProbeThatIsAnsweredSoMakesItRestToo() {
        var peer = TablePeer([addressTrunk(probeInterval: .seconds(30))])
        peer.pass(0)
        peer.reply(answer(503, "X", "Retry-After: 5"), to: peer.requests.last)
        #expect(peer.admit(1, to: beta) == .refused(.resting, inUse: 0, cap: 2))
    }

    @Test func callsThatFailMakeATrunkUnreachableThoughItsProbesAreAnswered() {
        var trunk = addressTrunk(probeInterval: .seconds(30))
        trunk.healthLimits = HealthLimits(callsDown: 2, callPause: .seconds(60))
        var peer = TablePeer([trunk])
        peer.pass(0)
        #expect(peer.reply(answer(200), to: peer.requests.last).count == 1)
        #expect(peer.table.note(.failed(nil), nil, of: beta, at: peer.now).isEmpty)
        #expect(
            peer.table.note(.failed(.code(500)), nil, of: beta, at: peer.now) == [
                .trunkUnreachable(
                    TrunkUnreachable(trunk: beta, cause: .calls, code: .code(500)))
            ])
        peer.passToDeadline()
        #expect(peer.reply(answer(200), to: peer.requests.last).isEmpty)
        #expect(peer.admit(1, to: beta) == .refused(.unreachable, inUse: 0, cap: 2))
        peer.pass(60_000)
        #expect(peer.admit(1, to: beta) == .seized(inUse: 1, cap: 2, then: []))
        #expect(peer.admit(2, to: beta) == .refused(.unreachable, inUse: 1, cap: 2))
        #expect(
            peer.table.note(.alive(.code(180)), nil, of: beta, at: peer.now) == [
                .trunkReachable(TrunkReachable(trunk: beta, code: .code(180), roundTrip: .zero))
            ])
        #expect(peer.admit(2, to: beta) == .seized(inUse: 2, cap: 2, then: []))
    }

    @Test func loadFactsFollowSeizureAndRelease() {
        let limits = ChannelLimits(total: 2, nearCapPercent: 80)
        var peer = TablePeer([addressTrunk(channels: limits)])
        _ = peer.admit(1, to: beta)
        let near = Event.trunkNearCap(TrunkNearCap(trunk: beta, inUse: 2, cap: 2))
        #expect(peer.admit(2, to: beta) == .seized(inUse: 2, cap: 2, then: [near]))
        let freed = peer.table.release(beta, call: CallID(rawValue: 2), attempt: .first)
        let below = Event.trunkBelowCap(TrunkBelowCap(trunk: beta, inUse: 1, cap: 2))
        #expect(freed.answer == .released(inUse: 1) && freed.then == [below])
        let again = peer.table.release(beta, call: CallID(rawValue: 2), attempt: .first)
        #expect(again.answer == .notHeld && again.then.isEmpty)
    }

    /// A reload with fewer contacts takes back the one that went, and only that.
    @Test func aSuccessorTakesOverTheContactsThatItShares() throws {
        func trunk(_ contacts: Octets...) -> TrunkConfiguration {
            var trunk = registeringTrunk()
            trunk.registration?.contacts = contacts
            return trunk
        }
        func contacts(_ request: TrunkRequest) -> [String] {
            guard case .register(let register) = request.content else { return [] }
            return register.contacts.map { String(Octets($0).description.dropFirst(4).prefix(4)) }
        }
        var peer = TablePeer([trunk("4000", "4001")])
        peer.pass(0)
        #expect(peer.requests.map(contacts) == [["4000", "4001"]])
        peer.reply(granted, to: peer.requests.last)
        peer.requests = []
        peer.reload([trunk("4001", "4002")])
        peer.pass(0)
        let removal = try #require(peer.requests.first { contacts($0) == ["4000"] })
        guard case .register(let register) = removal.content else { return }
        #expect(register.expiresSeconds == 0)
        #expect(peer.requests.contains { contacts($0) == ["4001", "4002"] })
    }

    @Test func aReloadKeepsWhatStays() {
        var peer = TablePeer([registeringTrunk()])
        peer.pass(0)
        peer.reply(granted, to: peer.requests.last)
        _ = peer.admit(1, to: alpha)
        peer.reload([registeringTrunk(channels: 1), addressTrunk()])
        #expect(peer.requests.count == 1)
        #expect(peer.admit(2, to: alpha) == .refused(.cap, inUse: 1, cap: 1))
        #expect(peer.table.names == [alpha, beta])
    }

    @Test func aRemovedTrunkTakesItsBindingBack() {
        var peer = TablePeer([registeringTrunk(), addressTrunk()])
        peer.pass(0)
        peer.reply(granted, to: peer.requests.last)
        _ = peer.admit(1, to: alpha)
        peer.reload([addressTrunk()])
        #expect(peer.table[alpha] == nil && peer.requests.count == 2)
        let events = peer.reply(answer(200, "OK"), to: peer.requests.last)
        #expect(events == [.registrationRemoved(RegistrationRemoved(trunk: alpha))])
        let freed = peer.table.release(alpha, call: CallID(rawValue: 1), attempt: .first)
        #expect(freed.answer == .released(inUse: 0))
    }

    @Test func aTrunkThatIsGoneRefuses() {
        var peer = TablePeer([addressTrunk()])
        _ = peer.admit(1, to: beta)
        peer.reload([])
        #expect(peer.admit(2, to: beta) == .refused(.unreachable, inUse: 1, cap: 0))
    }

    @Test func aNewPasswordRegistersAnewWithoutTakingBackTheBinding() {
        var peer = TablePeer([registeringTrunk()])
        peer.pass(0)
        let old = peer.requests.last
        peer.reload([registeringTrunk(password: "new")])
        #expect(peer.requests.count == 1)
        peer.pass(100)
        #expect(peer.requests.count == 2)
        #expect(peer.reply(granted, to: old).isEmpty)
        #expect(peer.reply(granted, to: peer.requests.last).count == 1)
    }

    @Test func shutdownEndsWithinTwoSeconds() {
        var peer = TablePeer([registeringTrunk(), addressTrunk(probeInterval: .seconds(30))])
        peer.pass(100)
        let register = peer.requests.first { $0.method == .register }
        peer.reply(granted, to: register)
        #expect(peer.shutdown().isEmpty && !peer.table.isClosed)
        #expect(peer.pass(2_000).count == 1)
        #expect(peer.table.isClosed && peer.table.deadline == nil)
    }

    @Test func trunksStartOneAfterAnother() {
        var peer = TablePeer([registeringTrunk(), registeringTrunk(beta)])
        peer.pass(0)
        #expect(peer.requests.map(\.id.trunk) == [alpha])
        peer.pass(50)
        #expect(peer.requests.map(\.id.trunk) == [alpha, beta])
        #expect(peer.requests.allSatisfy { $0.local == ownListener })
    }
}
