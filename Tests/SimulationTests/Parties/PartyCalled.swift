import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A party that is called.
extension Party {
    func take(_ request: SIPMessage, _ id: ServerTransactionID) {
        let callID = Array(request.callID)
        switch request.method {
        case .register: register(request, id)
        case .options where request.to.tag == nil: reply(200, to: request, id)
        case .invite where request.to.tag == nil: takeCall(request, id, callID)
        default: takeInDialog(request, id, callID)
        }
    }

    private func register(_ request: SIPMessage, _ id: ServerTransactionID) {
        guard let answer = registrar?.judge(request, at: now, &station.entropy) else {
            reply(405, to: request, id)
            return
        }
        switch answer {
        case .none: break
        case .refused(let status): reply(status, to: request, id)
        case .challenge(let header): reply(401, to: request, id, headers: header)
        case .granted:
            let contact = Array("Contact: ".utf8) + Array(request.first(.contact) ?? [])
            let expires = "\r\nExpires: \(request.expires ?? 120)\r\n"
            reply(200, to: request, id, headers: contact + Array(expires.utf8))
        }
    }

    func reply(
        _ status: UInt16, to request: SIPMessage, _ id: ServerTransactionID, tag: [UInt8]? = nil,
        headers: [UInt8] = [], body: [UInt8] = []
    ) {
        let tag = tag ?? (request.to.tag == nil ? station.entropy.tag() : [])
        station.respond(
            id, status, to: request, from: agent, tag: tag, body: body, headers: headers)
    }

    private func takeCall(_ invite: SIPMessage, _ id: ServerTransactionID, _ callID: [UInt8]) {
        var call =
            calls[callID]
            ?? PartyCall(
                callID: callID, isCaller: false, manners: .drawn(conduct, &random), state: .over)
        call.tag = station.entropy.tag()
        call.invite = invite
        call.server = id
        call.dialog = SimulatedDialog(answering: invite, tag: call.tag, peer: agent)
        if call.manners.challenges > 0, let registrar {
            call.manners.challenges -= 1
            calls[callID] = call
            let header = registrar.challenge(at: now.nanoseconds / 1_000_000_000, &station.entropy)
            return reply(401, to: invite, id, headers: header)
        }
        calls[callID] = call
        begin(call, invite, id)
    }

    private func begin(_ call: PartyCall, _ invite: SIPMessage, _ id: ServerTransactionID) {
        if case .silent = call.manners.verdict { return }
        change(call.callID) { $0.state = .alerting }
        reply(100, to: invite, id, tag: [])
        if case .trying = call.manners.verdict { return }
        var delay = Nanoseconds.zero
        for index in call.manners.progress.indices {
            delay = delay + random.milliseconds(5...1_500)
            plan(.progress(index), call.callID, after: delay)
        }
        delay = delay + random.milliseconds(0...6_000)
        switch call.manners.verdict {
        case .answers: plan(.answer, call.callID, after: delay)
        case .refuses(let status): plan(.refuse(status), call.callID, after: delay)
        case .ringsForEver, .trying, .silent: break
        }
    }

    func progress(_ call: PartyCall, _ index: Int) {
        guard call.state == .alerting, let id = call.server, let invite = call.invite else {
            return
        }
        let (status, fork) = call.manners.progress[index]
        let tag = fork == 0 ? call.tag : call.tag + Array("-\(fork)".utf8)
        if progressReliably(call, index, status, tag) { return }
        let body = status == 183 ? station.sessionDescription : []
        reply(status, to: invite, id, tag: tag, body: body)
    }

    func refuse(_ call: PartyCall, _ status: UInt16) {
        guard call.state == .alerting, let id = call.server, let invite = call.invite else {
            return
        }
        change(call.callID) { $0.state = .over }
        reply(status, to: invite, id, tag: call.tag)
    }

    func cancelled(
        _ id: ServerTransactionID, of invite: ServerTransactionID?, _ request: SIPMessage
    ) {
        guard let call = calls[Array(request.callID)], let invite, call.server == invite else {
            return reply(invite == nil ? 481 : 200, to: request, id)
        }
        guard !call.isDeaf else { return }
        let isAlerting = call.state == .alerting
        switch call.manners.onCancel {
        case .refusesOnly, .ignores: break
        case .obeys, .answersLate, .confirmsOnly: reply(200, to: request, id, tag: call.tag)
        }
        guard isAlerting else { return }
        switch call.manners.onCancel {
        case .obeys, .refusesOnly: refuse(call, 487)
        case .answersLate:
            change(call.callID) { $0.isCancelled = true }
            plan(.answer, call.callID, after: random.milliseconds(0...20_000))
        // Its owner counts no channel that it will never speak of again.
        case .confirmsOnly, .ignores: change(call.callID) { $0.state = .over }
        }
    }

    // MARK: The answer

    func answer(_ call: PartyCall) {
        guard call.state == .alerting, let id = call.server, let invite = call.invite else {
            return
        }
        if call.openProgress != nil {
            // Of a cancelled call it would be the answer only once the caller has given up.
            if call.isCancelled { return refuse(call, 487) }
            return plan(.answer, call.callID, after: .milliseconds(100))
        }
        let headers = sessionAnswer(call.manners, to: invite)
        planRefresh(call, isOurs: call.manners.refreshes && !headers.isEmpty)
        change(call.callID) {
            $0.state = .up
            $0.answerHeaders = headers
            $0.answeredAt = self.now
            $0.openAnswer = PartyCall.OpenAnswer(
                transaction: id, request: invite, interval: .milliseconds(500))
        }
        reply(
            200, to: invite, id, tag: call.tag, headers: headers, body: station.sessionDescription)
        if call.manners.forksAnswer {
            reply(200, to: invite, id, tag: call.forkTag, body: station.sessionDescription)
            // Whichever of the two was taken, its owner hangs up some day.
            plan(.endFork, call.callID, after: .seconds(60))
        }
        plan(.repeatAnswer, call.callID, after: .milliseconds(500))
        planLife(call)
    }

    func endFork(_ call: PartyCall) {
        guard let invite = call.invite else { return }
        var fork = SimulatedDialog(answering: invite, tag: call.forkTag, peer: agent)
        _ = station.send(.bye, in: &fork)
    }

    /// What it does with a call that is up.
    func planLife(_ call: PartyCall) {
        let manners = call.manners
        if let delay = manners.hangsUpAfter { plan(.hangUp, call.callID, after: delay) }
        if let delay = manners.modifiesAfter { plan(.modify, call.callID, after: delay) }
        if let delay = manners.informsAfter { plan(.inform, call.callID, after: delay) }
        if let delay = manners.transfersAfter, endpoint == Line.dialer {
            plan(.transfer, call.callID, after: delay)
        }
        // One side only: a call that nobody is left to end goes on.
        if manners.vanishes, call.isCaller {
            plan(.vanish, call.callID, after: random.milliseconds(0...10_000))
        }
    }

    /// RFC 3261 section 13.3.1.4.
    func repeatAnswer(_ call: PartyCall) {
        guard var open = call.openAnswer else { return }
        open.waited = open.waited + open.interval
        guard open.waited < .seconds(32) else {
            change(call.callID) { $0.openAnswer = nil }
            return hangUp(call.callID)
        }
        open.interval = min(open.interval * 2, .seconds(4))
        change(call.callID) { $0.openAnswer = open }
        reply(
            200, to: open.request, open.transaction, tag: call.tag, headers: call.answerHeaders,
            body: station.sessionDescription)
        plan(.repeatAnswer, call.callID, after: open.interval)
    }

    func acknowledged(_ request: SIPMessage) {
        let callID = Array(request.callID)
        guard let call = calls[callID], !call.isDeaf, isOwn(request, call),
            call.openAnswer?.request.cseq.number == request.cseq.number
        else { return }
        change(callID) {
            $0.openAnswer = nil
            $0.isConfirmed = true
        }
    }

    /// A fork's tag names another dialog.
    func isOwn(_ request: SIPMessage, _ call: PartyCall) -> Bool {
        call.isCaller || (request.to.tag ?? []).elementsEqual(call.tag)
    }
}
