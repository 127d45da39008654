import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A party that calls.
extension Party {
    func place(_ name: String, to number: String, at now: MonotonicInstant) {
        _ = station.advance(to: now)
        let callID = Array(name.utf8)
        var call = PartyCall(
            callID: callID, isCaller: true, manners: .drawn(conduct, &random), state: .inviting)
        let own = station.hostPort
        let from =
            Array("\"V\(name)\" <sip:3105550100@".utf8) + own + Array(">;tag=c-\(name)".utf8)
        let target = SimulatedStation<Plan>.hostPort(agent)
        let uri = Array("sip:\(number)@".utf8) + target
        let client = station.send(
            .invite, uri: uri, from: from, to: Array("<".utf8) + uri + Array(">".utf8),
            callID: callID, sequence: 1,
            headers: Self.extensions(call.manners) + Self.sessionRequest(call.manners),
            body: call.manners.offersLate ? [] : station.sessionDescription, peer: agent)
        callOf[client] = callID
        call.client = client
        calls[callID] = call
        if let delay = call.manners.cancelsAfter { plan(.cancel, callID, after: delay) }
        if call.manners.saysByeEarly {
            plan(.sayByeEarly, callID, after: random.milliseconds(0...4_000))
        }
        // Nobody waits for ever.
        plan(.cancel, callID, after: random.milliseconds(90_000...95_000))
    }

    private static func extensions(_ manners: Manners) -> [UInt8] {
        switch manners.reliability {
        case .none: []
        case .supported: Array("Supported: 100rel\r\n".utf8)
        case .required: Array("Require: 100rel\r\n".utf8)
        }
    }

    func cancel(_ call: PartyCall) {
        guard call.state == .inviting, let client = call.client else { return }
        change(call.callID) { $0.isCancelled = true }
        station.cancel(client)
    }

    func sayByeEarly(_ call: PartyCall) {
        guard call.state == .inviting, var dialog = call.dialog else { return }
        let client = station.send(.bye, in: &dialog)
        // Its answer changes nothing: the INVITE's does.
        callOf[client] = nil
        change(call.callID) {
            $0.dialog = dialog
            $0.isCancelled = true
            $0.hasSaidByeEarly = true
        }
    }

    func answered(_ client: ClientTransactionID, _ response: SIPMessage) {
        guard let callID = callOf[client], let call = calls[callID], !call.isDeaf,
            let status = response.status
        else { return }
        switch response.cseq.method {
        case .bye:
            if status >= 200 { change(callID) { $0.state = .over } }
        case .invite where call.modification?.client == client:
            modificationAnswered(call, status)
        case .invite where call.state == .inviting:
            inviteAnswered(call, response, status)
        case .invite where (200..<300).contains(status):
            acknowledge(callID, response)
        default: break
        }
    }

    private func inviteAnswered(_ call: PartyCall, _ response: SIPMessage, _ status: UInt16) {
        if status < 200 {
            guard status > 100, response.to.tag != nil else { return }
            change(call.callID) {
                $0.dialog = $0.dialog ?? SimulatedDialog(answeredBy: response, peer: self.agent)
            }
            acknowledgeProgress(call.callID, response)
        } else if status < 300 {
            change(call.callID) {
                var dialog = SimulatedDialog(answeredBy: response, peer: self.agent)
                dialog.sequence = max(dialog.sequence, $0.dialog?.sequence ?? 0)
                $0.dialog = dialog
                $0.state = .up
                $0.answeredAt = self.now
                $0.isConfirmed = true
            }
            planRefresh(call, isOurs: response.sessionExpires?.refresher == .client)
            acknowledge(call.callID, response)
            if call.isCancelled {
                plan(.hangUp, call.callID, after: random.milliseconds(0...10))
            } else {
                planLife(call)
            }
        } else {
            change(call.callID) { $0.state = .over }
        }
    }

    /// Each copy of the 2xx gets an ACK (RFC 3261 section 13.2.2.4).
    private func acknowledge(_ callID: [UInt8], _ response: SIPMessage) {
        change(callID) { $0.answersHeard += 1 }
        guard let call = calls[callID], let dialog = call.dialog else { return }
        switch call.manners.acknowledging {
        case .never: return
        case .fromCopy(let copy): guard call.answersHeard >= copy else { return }
        case .always: break
        }
        let body = call.manners.offersLate ? station.sessionDescription : []
        station.acknowledge(dialog, sequence: response.cseq.number, body: body)
    }

    private func modificationAnswered(_ call: PartyCall, _ status: UInt16) {
        guard status >= 200, let modification = call.modification, let dialog = call.dialog else {
            return
        }
        if status < 300 {
            station.acknowledge(
                dialog, sequence: modification.sequence, body: station.sessionDescription)
        }
        change(call.callID) { $0.modification = nil }
        if status == 481 || status == 408 { hangUp(call.callID) }
    }

    /// A 2xx that comes when its transaction is gone.
    func answeredAgain(_ response: SIPMessage) {
        let callID = Array(response.callID)
        guard response.cseq.method == .invite, (200..<300).contains(response.status ?? 0),
            let call = calls[callID], !call.isDeaf, let dialog = call.dialog,
            (response.to.tag ?? []).elementsEqual(Self.tag(in: dialog))
        else { return }
        station.acknowledge(
            dialog, sequence: response.cseq.number, body: station.sessionDescription)
    }

    private static func tag(in dialog: SimulatedDialog) -> [UInt8] {
        NameAddress(dialog.remote[...])?.tag.map { Array($0) } ?? []
    }

    func timedOut(_ client: ClientTransactionID) {
        guard let callID = callOf[client], let call = calls[callID] else { return }
        if call.modification?.client == client {
            change(callID) { $0.modification = nil }
            hangUp(callID)
        } else if call.client == client {
            change(callID) { $0.state = .over }
        }
    }
}
