import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A party whose call is up.
extension Party {
    func takeInDialog(_ request: SIPMessage, _ id: ServerTransactionID, _ callID: [UInt8]) {
        guard let call = calls[callID] else { return reply(481, to: request, id) }
        guard !call.isDeaf else { return }
        if request.method == .prack { return takeAcknowledgement(call, request, id) }
        guard isOwn(request, call) else {
            // The second callee of a fork.
            return reply(200, to: request, id)
        }
        switch request.method {
        case .bye: hungUp(call, request, id)
        // Its own BYE has ended the session (RFC 3261 section 15.1.1).
        case _ where call.hasSaidBye: reply(481, to: request, id)
        case .invite: modified(call, request, id)
        case .notify: reply(200, to: request, id)
        case .options, .info, .update, .message:
            change(callID) { $0.isConfirmed = $0.isConfirmed || $0.isCaller }
            reply(
                call.state == .up ? 200 : 481, to: request, id,
                headers: request.method == .update ? sessionAnswer(call.manners, to: request) : [])
        default: reply(405, to: request, id)
        }
    }

    private func hungUp(_ call: PartyCall, _ request: SIPMessage, _ id: ServerTransactionID) {
        guard call.state == .up else { return reply(481, to: request, id) }
        change(call.callID) {
            $0.endedAt = $0.endedAt ?? self.now
            $0.state = .over
            $0.openAnswer = nil
        }
        switch call.manners.onBye {
        case .confirms: reply(200, to: request, id)
        case .denies(let status): reply(status, to: request, id)
        case .silent: break
        }
    }

    private func modified(_ call: PartyCall, _ request: SIPMessage, _ id: ServerTransactionID) {
        guard call.state == .up else { return reply(481, to: request, id) }
        guard call.openAnswer == nil, call.modification == nil else {
            return reply(491, to: request, id)
        }
        // A refresh that is refused is the end of the session.
        guard request.sessionExpires != nil || random.percent(80) else {
            return reply(random.one(of: [488, 491, 500]), to: request, id)
        }
        let headers = sessionAnswer(call.manners, to: request)
        change(call.callID) {
            $0.answerHeaders = headers
            $0.openAnswer = PartyCall.OpenAnswer(
                transaction: id, request: request, interval: .milliseconds(500))
        }
        reply(200, to: request, id, headers: headers, body: station.sessionDescription)
        plan(.repeatAnswer, call.callID, after: .milliseconds(500))
    }

    func hangUp(_ callID: [UInt8]) {
        guard let call = calls[callID], call.state == .up, var dialog = call.dialog else { return }
        let isAgain = call.hasSaidBye
        guard !isAgain || call.manners.hangsUpTwice else { return }
        if call.openAnswer != nil, !call.manners.hangsUpAtOnce {
            return plan(.hangUp, callID, after: .milliseconds(700))
        }
        let client = station.send(.bye, in: &dialog)
        callOf[client] = callID
        change(callID) {
            $0.dialog = dialog
            $0.hasSaidBye = true
            $0.endedAt = $0.endedAt ?? self.now
            $0.client = client
            $0.openAnswer = nil
        }
        if call.manners.hangsUpTwice, !isAgain {
            plan(.hangUp, callID, after: random.milliseconds(0...100))
        }
    }

    func modify(_ call: PartyCall) {
        guard call.state == .up, !call.hasSaidBye, call.openAnswer == nil,
            call.modification == nil, call.isCaller || call.isConfirmed, var dialog = call.dialog
        else { return }
        let offer = random.percent(80) ? station.sessionDescription : []
        let client = station.send(.invite, in: &dialog, body: offer)
        callOf[client] = call.callID
        change(call.callID) {
            $0.dialog = dialog
            $0.modification = (client, dialog.sequence)
        }
    }

    func inform(_ call: PartyCall) {
        guard call.state == .up, !call.hasSaidBye, call.isCaller || call.isConfirmed,
            var dialog = call.dialog
        else { return }
        let client = station.send(random.percent(70) ? .info : .update, in: &dialog)
        callOf[client] = call.callID
        change(call.callID) { $0.dialog = dialog }
    }
}
