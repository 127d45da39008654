import TestSupport
import TrunkEvents

@testable import SIPAgent

/// Reliable provisional answers (RFC 3262), of both sides.
extension Party {
    private static let headers = Array("Require: 100rel\r\nRSeq: ".utf8)

    /// Sends a provisional answer until its PRACK comes. `false`: not reliably.
    func progressReliably(
        _ call: PartyCall, _ index: Int, _ status: UInt16, _ tag: [UInt8]
    ) -> Bool {
        guard let invite = call.invite, call.manners.reliability != .none,
            invite.lists("100rel", in: .supported)
        else { return false }
        guard call.openProgress == nil else {
            plan(.progress(index), call.callID, after: .milliseconds(100))
            return true
        }
        let sequence = (call.lastProgress[tag] ?? 999) + 1
        change(call.callID) {
            $0.lastProgress[tag] = sequence
            $0.openProgress = .init(sequence: sequence, status: status, tag: tag)
        }
        repeatProgress(call.callID)
        return true
    }

    func repeatProgress(_ callID: [UInt8]) {
        guard let call = calls[callID], call.state == .alerting, let id = call.server,
            let invite = call.invite, var open = call.openProgress
        else { return }
        guard open.waited < .seconds(32) else {
            change(callID) { $0.openProgress = nil }
            return refuse(call, 504)
        }
        let headers = Self.headers + Array("\(open.sequence)\r\n".utf8)
        // An answer, or the offer that the INVITE lacked.
        let hasBody = open.status == 183 || invite.body.isEmpty
        reply(
            open.status, to: invite, id, tag: open.tag, headers: headers,
            body: hasBody ? station.sessionDescription : [])
        plan(.repeatProgress, callID, after: open.interval)
        open.waited = open.waited + open.interval
        open.interval = open.interval * 2
        change(callID) { $0.openProgress = open }
    }

    func takeAcknowledgement(
        _ call: PartyCall, _ request: SIPMessage, _ id: ServerTransactionID
    ) {
        let rack = request.first(.rack).flatMap(RAck.init)
        let isOpen =
            call.openProgress.map {
                $0.sequence == rack?.rseq && $0.tag.elementsEqual(request.to.tag ?? [])
            } ?? false
        if isOpen { change(call.callID) { $0.openProgress = nil } }
        reply(isOpen ? 200 : 481, to: request, id)
    }

    /// The PRACK of an answer to a call of its own.
    func acknowledgeProgress(_ callID: [UInt8], _ response: SIPMessage) {
        guard let call = calls[callID], response.isReliableProvisional, let rseq = response.rseq,
            call.manners.acknowledgesProgress
        else { return }
        let key = Array(response.to.tag ?? []) + Array(" \(rseq)".utf8)
        guard !call.acknowledged.contains(key) else { return }
        var dialog = SimulatedDialog(answeredBy: response, peer: agent)
        dialog.sequence = max(dialog.sequence, call.dialog?.sequence ?? 0)
        let owesAnswer = call.manners.offersLate && !response.body.isEmpty
        let rack = "RAck: \(rseq) \(response.cseq.number) INVITE\r\n"
        _ = station.send(
            .prack, in: &dialog, headers: Array(rack.utf8),
            body: owesAnswer ? station.sessionDescription : [])
        change(callID) {
            $0.acknowledged.insert(key)
            $0.dialog?.sequence = dialog.sequence
        }
    }
}
