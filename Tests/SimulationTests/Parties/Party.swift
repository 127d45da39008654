import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A dialer or a carrier that behaves by chance. It repeats what is lost as the RFC asks, unless
/// its manners say otherwise, and it knows which of its calls are up.
final class Party {
    /// What it means to do with a call.
    enum Deed: Sendable {
        case progress(Int)
        case repeatProgress
        case answer
        case repeatAnswer
        case refuse(UInt16)
        case cancel
        case sayByeEarly
        case hangUp
        case modify
        case inform
        case transfer
        case refresh
        case vanish
        case endFork
    }

    struct Plan: Sendable {
        let callID: [UInt8]
        let deed: Deed
    }

    let endpoint: Endpoint
    let agent: Endpoint
    let conduct: Conduct
    var station: SimulatedStation<Plan>
    var random: SeededGenerator
    var calls: [[UInt8]: PartyCall] = [:]
    /// Whose answer is awaited.
    var callOf: [ClientTransactionID: [UInt8]] = [:]
    var registrar: Registrar?
    /// Calls that its owner began to count a channel for in this step, by Call-ID.
    private(set) var newlyCounted: [[UInt8]] = []

    init(
        _ endpoint: Endpoint, agent: Endpoint, conduct: Conduct, registers: Credentials? = nil,
        seed: UInt64
    ) {
        self.endpoint = endpoint
        self.agent = agent
        self.conduct = conduct
        var entropy = Entropy.seeded(seed)
        registrar = registers.map { Registrar($0, &entropy) }
        station = SimulatedStation(local: endpoint, entropy: entropy)
        random = SeededGenerator(seed: seed &+ 1)
    }

    var nextDeadline: MonotonicInstant? { station.nextDeadline }
    var now: MonotonicInstant { station.now }

    /// Runs a step and answers what the party sends.
    func step(_ body: () -> Void) -> [OutgoingMessage] {
        newlyCounted = []
        body()
        return station.takeMessages()
    }

    func plan(_ deed: Deed, _ call: [UInt8], after delay: Nanoseconds) {
        _ = station.wake(Plan(callID: call, deed: deed), after: delay)
    }

    /// Changes a call and notices when it begins to count.
    func change(_ callID: [UInt8], _ body: (inout PartyCall) -> Void) {
        guard var call = calls[callID] else { return }
        let wasCounted = call.isCounted
        body(&call)
        if call.isCounted, !wasCounted { newlyCounted.append(callID) }
        calls[callID] = call
    }

    // MARK: What comes in

    func receive(_ bytes: [UInt8], at now: MonotonicInstant) {
        switch station.receive(bytes, from: agent, at: now) {
        case .request(let id, let request): take(request, id)
        case .cancel(let id, let invite, let request): cancelled(id, of: invite, request)
        case .ack(let request): acknowledged(request)
        case .response(let client, let response): answered(client, response)
        case .strayResponse(let response): answeredAgain(response)
        case .absorbed, .unknown, nil: break
        }
    }

    func advance(to now: MonotonicInstant) {
        for case .clientTimedOut(let client) in station.advance(to: now) { timedOut(client) }
        while let plan = station.nextWakeup() { carryOut(plan.deed, plan.callID) }
    }

    private func carryOut(_ deed: Deed, _ callID: [UInt8]) {
        guard let call = calls[callID], !call.isDeaf else { return }
        switch deed {
        case .progress(let index): progress(call, index)
        case .repeatProgress: repeatProgress(callID)
        case .answer: answer(call)
        case .repeatAnswer: repeatAnswer(call)
        case .refuse(let status): refuse(call, status)
        case .cancel: cancel(call)
        case .sayByeEarly: sayByeEarly(call)
        case .hangUp: hangUp(callID)
        case .modify: modify(call)
        case .inform: inform(call)
        case .transfer: transfer(call)
        case .refresh: refresh(call)
        case .endFork: endFork(call)
        case .vanish:
            change(callID) {
                $0.isDeaf = true
                $0.state = .over
                $0.openAnswer = nil
            }
        }
    }

    /// Ends everything: the last order of a run.
    func stop(at now: MonotonicInstant) {
        _ = station.advance(to: now)
        for callID in calls.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let call = calls[callID] else { continue }
            switch call.state {
            case .inviting: cancel(call)
            case .alerting: refuse(call, 480)
            case .up: plan(.hangUp, callID, after: .zero)
            case .over: break
            }
        }
    }

    var unfinished: [PartyCall] {
        calls.values.filter { $0.state != .over }
            .sorted { $0.callID.lexicographicallyPrecedes($1.callID) }
    }

    /// How an unfinished call stands, for a fault's text.
    static func describe(_ call: PartyCall) -> String {
        "\(Octets(call.callID)) \(call.state) \(call.manners)"
    }
}
