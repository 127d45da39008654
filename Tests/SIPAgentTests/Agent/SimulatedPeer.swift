import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A dialer or a carrier that behaves by chance, within the RFC: it repeats what is lost, hangs up
/// when it likes, and knows which of its calls are up.
final class SimulatedPeer {
    let endpoint: Endpoint
    private let agent: Endpoint
    private var layer = TransactionLayer()
    private var entropy: Entropy
    private var random: SeededGenerator
    private(set) var calls: [String: PeerCall] = [:]
    private var plans: [(at: MonotonicInstant, callID: String, deed: Deed)] = []
    private var callsOf: [ClientTransactionID: String] = [:]
    private var output = AgentOutput()
    private var now = MonotonicInstant(nanoseconds: 0)

    enum Deed { case ring, answer, refuse(UInt16), cancel, hangUp, modify, repeatAnswer }

    init(_ endpoint: Endpoint, agent: Endpoint, seed: UInt64) {
        self.endpoint = endpoint
        self.agent = agent
        entropy = .seeded(seed)
        random = SeededGenerator(seed: seed &+ 1)
    }

    var nextDeadline: MonotonicInstant? {
        [layer.nextDeadline, plans.map(\.at).min()].compactMap { $0 }.min()
    }

    /// Calls that this peer counts, by Call-ID: until it hangs up or hears that we did.
    var live: [String] {
        calls.values.filter { ($0.state == .up || $0.state == .alerting) && $0.bye == nil }
            .map(\.callID)
    }
    var unfinished: [PeerCall] { calls.values.filter { $0.state != .over } }

    func step(_ now: MonotonicInstant, _ body: () -> Void) -> [OutgoingMessage] {
        self.now = now
        output.removeAll()
        body()
        return output.steps.compactMap { if case .send(let message) = $0 { message } else { nil } }
    }

    private func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private func plan(_ deed: Deed, _ callID: String, in milliseconds: ClosedRange<Int64>) {
        let delay = Nanoseconds.milliseconds(Int64.random(in: milliseconds, using: &random))
        plans.append((now.advanced(by: delay), callID, deed))
    }

    // MARK: What comes in

    func receive(_ bytes: [UInt8]) {
        guard let message = try? SIPMessage(parsing: bytes) else { return }
        let event = layer.receive(message, from: agent, on: endpoint, at: now, into: &output)
        switch event {
        case .request(let id, let request): take(request, id)
        case .cancel(let id, let invite, let request): cancelled(request, id, invite)
        case .ack(let request): calls[Self.callID(request)]?.pendingAnswer = nil
        case .response(let client, let response): answered(client, response)
        case .absorbed, .strayResponse, .unknown: break
        }
    }

    func advance() {
        var timeouts: [TransactionTimeout] = []
        layer.advance(to: now, into: &output, reporting: &timeouts)
        for case .clientTimedOut(let client) in timeouts {
            guard let callID = callsOf[client] else { continue }
            if calls[callID]?.client == client || calls[callID]?.bye == client {
                calls[callID]?.state = .over
            }
        }
        while let index = plans.firstIndex(where: { $0.at <= now }) {
            let plan = plans.remove(at: index)
            carryOut(plan.deed, plan.callID)
        }
    }

    private static func callID(_ message: SIPMessage) -> String {
        String(decoding: message.callID, as: UTF8.self)
    }

    private func take(_ request: SIPMessage, _ id: ServerTransactionID) {
        let callID = Self.callID(request)
        switch request.method {
        case .invite where request.to.tag == nil: takeCall(request, id, callID)
        case .invite where calls[callID]?.state == .up && calls[callID]?.pendingAnswer == nil:
            if chance(20) { return reply(491, to: request, id) }
            answer(request, id, callID)
        case .bye where calls[callID]?.state == .up:
            calls[callID]?.state = .over
            calls[callID]?.pendingAnswer = nil
            reply(200, to: request, id)
        case .invite: reply(491, to: request, id)
        case .options where calls[callID]?.state == .up: reply(200, to: request, id)
        default: reply(481, to: request, id)
        }
    }

    private func takeCall(_ invite: SIPMessage, _ id: ServerTransactionID, _ callID: String) {
        var call = PeerCall(callID: callID, isCaller: false, invite: invite)
        call.server = id
        calls[callID] = call
        // One that never says anything is no call to its owner either.
        if chance(5) {
            calls[callID]?.state = .over
            return
        }
        calls[callID]?.state = .alerting
        reply(100, to: invite, id)
        if chance(80) { plan(.ring, callID, in: 0...2_000) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: plan(.refuse(486), callID, in: 10...4_000)
        case 1: plan(.refuse(503), callID, in: 10...3_000)
        case 2: break
        default: plan(.answer, callID, in: 10...9_000)
        }
    }

    private func cancelled(
        _ request: SIPMessage, _ id: ServerTransactionID, _ invite: ServerTransactionID?
    ) {
        let callID = Self.callID(request)
        reply(invite == nil ? 481 : 200, to: request, id)
        guard let call = calls[callID], call.server == invite, call.state == .alerting,
            let invite
        else { return }
        calls[callID]?.state = .over
        reply(487, to: call.invite, invite)
    }

    private func answered(_ client: ClientTransactionID, _ response: SIPMessage) {
        let callID = Self.callID(response)
        guard let status = response.status, status >= 200, var call = calls[callID] else { return }
        if call.bye == client {
            calls[callID]?.state = .over
        } else if call.client == client || call.reinvite == client {
            guard status < 300 else {
                if call.client == client { calls[callID]?.state = .over }
                return
            }
            let invite = call.client == client ? call.invite : call.lastReinvite ?? call.invite
            if call.dialog == nil {
                call.dialog = Dialog(
                    invite: call.invite, response: response, local: endpoint, remote: agent)
                call.state = .up
                if call.isCancelled { plan(.hangUp, callID, in: 0...10) }
                plan(.hangUp, callID, in: 100...40_000)
                if chance(20) { plan(.modify, callID, in: 50...5_000) }
                calls[callID] = call
            }
            guard let dialog = call.dialog else { return }
            output.send(dialog.acknowledgement(of: invite, sentBy: sentBy, gate: .open))
        }
    }

    // MARK: What this peer does

    func place(_ callID: String, to number: String) {
        let phone = Phone(endpoint, tag: "sim")
        let bytes = phone.invite(callID, to: number)
        var call = PeerCall(callID: callID, isCaller: true, invite: SIPMessage(written: bytes))
        call.client = send(bytes, .invite, callID)
        calls[callID] = call
        if chance(25) { plan(.cancel, callID, in: 0...8_000) }
        // Nobody waits for ever.
        plan(.cancel, callID, in: 90_000...95_000)
    }

    private func carryOut(_ deed: Deed, _ callID: String) {
        guard let call = calls[callID] else { return }
        switch deed {
        case .ring:
            if call.state == .alerting, let id = call.server { reply(180, to: call.invite, id) }
        case .answer:
            guard call.state == .alerting, let id = call.server else { return }
            answer(call.invite, id, callID)
            if chance(60) { plan(.hangUp, callID, in: 0...30_000) }
        case .refuse(let status):
            guard call.state == .alerting, let id = call.server else { return }
            calls[callID]?.state = .over
            reply(status, to: call.invite, id)
        case .cancel:
            guard call.state == .inviting, let client = call.client else { return }
            calls[callID]?.isCancelled = true
            layer.cancel(client, at: now, into: &output)
        case .hangUp: hangUp(callID)
        case .modify: modify(callID)
        case .repeatAnswer: repeatAnswer(callID)
        }
    }

    private func answer(_ invite: SIPMessage, _ id: ServerTransactionID, _ callID: String) {
        if calls[callID]?.dialog == nil {
            calls[callID]?.dialog = Dialog(
                invite: invite, localTag: Array("sim".utf8), local: endpoint, source: agent)
        }
        calls[callID]?.state = .up
        let bytes = Phone(endpoint, tag: "sim").response(200, to: invite, body: AgentBed.sdp)
        calls[callID]?.pendingAnswer = (id, bytes, 0)
        layer.respond(
            id, response: bytes, status: .code(200), gate: .open, at: now, into: &output)
        plan(.repeatAnswer, callID, in: 500...500)
    }

    private func repeatAnswer(_ callID: String) {
        guard let call = calls[callID], let (id, bytes, count) = call.pendingAnswer else { return }
        guard count < 9 else {
            calls[callID]?.pendingAnswer = nil
            return hangUp(callID)
        }
        calls[callID]?.pendingAnswer = (id, bytes, count + 1)
        layer.respond(
            id, response: bytes, status: .code(200), gate: .open, at: now, into: &output)
        let wait = min(4_000, Int64(1_000) << Int64(count))
        plan(.repeatAnswer, callID, in: wait...wait)
    }

    private func hangUp(_ callID: String) {
        guard var call = calls[callID], call.state == .up, call.bye == nil,
            call.pendingAnswer == nil
        else { return }
        call.bye = request(.bye, &call)
        calls[callID] = call
    }

    private func modify(_ callID: String) {
        guard var call = calls[callID], call.state == .up, call.bye == nil,
            call.pendingAnswer == nil
        else { return }
        call.reinvite = request(.invite, &call)
        calls[callID] = call
    }

    private func request(
        _ method: SIPAgent.Method, _ call: inout PeerCall
    ) -> ClientTransactionID? {
        guard let sequence = call.dialog?.nextSequence(), let dialog = call.dialog else {
            return nil
        }
        let branch = entropy.branch()
        var writer = dialog.request(method, sequence: sequence, sentBy: sentBy, branch: branch)
        writer.header(.contact, Array("<sip:\(endpoint.address):\(endpoint.port)>".utf8))
        let bytes = writer.finish(
            body: method == .invite ? AgentBed.sdp.bytes[...] : [],
            contentType: Bytes("application/sdp"))
        if method == .invite { call.lastReinvite = SIPMessage(written: bytes) }
        return send(bytes, method, call.callID)
    }

    private var sentBy: [UInt8] { Array("\(endpoint.address):\(endpoint.port)".utf8) }

    private func send(
        _ bytes: [UInt8], _ method: SIPAgent.Method, _ callID: String
    ) -> ClientTransactionID {
        let branch = Array(SIPMessage(written: bytes).topVia.branch ?? [])
        let id = layer.send(
            request: bytes, method: method, branch: branch, to: agent, from: endpoint, gate: .open,
            at: now, into: &output)
        callsOf[id] = callID
        return id
    }

    private func reply(_ status: UInt16, to request: SIPMessage, _ id: ServerTransactionID) {
        let bytes = Phone(endpoint, tag: "sim").response(status, to: request)
        layer.respond(
            id, response: bytes, status: .code(status), gate: .open, at: now, into: &output)
    }
}

/// A call as a peer sees it.
struct PeerCall {
    enum State { case inviting, alerting, up, over }

    let callID: String
    let isCaller: Bool
    let invite: SIPMessage
    var state = State.inviting
    var server: ServerTransactionID?
    var client: ClientTransactionID?
    var bye: ClientTransactionID?
    var reinvite: ClientTransactionID?
    var lastReinvite: SIPMessage?
    var dialog: Dialog?
    var isCancelled = false
    /// A 2xx without its ACK, and how often it was repeated.
    var pendingAnswer: (ServerTransactionID, [UInt8], Int)?

    init(callID: String, isCaller: Bool, invite: SIPMessage) {
        self.callID = callID
        self.isCaller = isCaller
        self.invite = invite
    }
}
