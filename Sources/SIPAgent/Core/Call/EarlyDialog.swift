import TrunkEvents

/// A dialog that a reliable provisional answer of the called side began (RFC 3261 section 12.1.2,
/// RFC 3262 section 4).
struct EarlyDialog: Sendable {
    var dialog: Dialog
    /// RSeq of the latest one that was taken.
    fileprivate var sequence: UInt32
    /// It carried an offer, whose answer the caller's PRACK will bring.
    fileprivate var owesAnswer = false
    /// What carried the answer to our offer. The 2xx need not repeat it.
    fileprivate(set) var answer: SIPMessage?
    /// The first offer has its answer, in whatever direction.
    fileprivate(set) var hasAnswer = false
}

extension SIPMessage {
    /// A provisional answer that is repeated until its PRACK comes.
    var isReliableProvisional: Bool {
        guard let status, status > 100, status < 200 else { return false }
        return rseq != nil && lists("100rel", in: .require)
    }
}

/// Each leg acknowledges its own provisional answers: a carrier that sends them reliably gets our
/// PRACK, whether or not the caller knows of such things.
extension Call {
    private static let earlyMax = 16

    /// Takes note of a provisional answer, and sends the PRACK that a reliable one asks for.
    /// `false`: it is a copy, or overtook the one before it, and is not for the caller.
    mutating func acknowledgeProgress(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        guard response.isReliableProvisional, let rseq = response.rseq else { return true }
        let attempt = attempts[index]
        let tag = Array(response.to.tag ?? [])
        let isOffer = attempt.invite.body.isEmpty && !response.body.isEmpty
        // An offer that the caller cannot answer in a PRACK is no more than a hint to it.
        guard !isOffer || caller.takesReliably else { return true }
        if let place = attempt.early.firstIndex(where: { $0.dialog.remoteTag == tag[...] }) {
            guard rseq == attempt.early[place].sequence &+ 1 else { return false }
            attempts[index].early[place].sequence = rseq
            note(response, isOffer: isOffer, in: place, of: index)
        } else {
            guard attempt.early.count < Self.earlyMax else { return false }
            var dialog = Dialog(
                invite: attempt.invite, response: response, local: attempt.local,
                remote: attempt.remote)
            // Before a restart there may have been others.
            if !attempt.isLive { dialog.skipSequences() }
            attempts[index].early.append(EarlyDialog(dialog: dialog, sequence: rseq))
            note(response, isOffer: isOffer, in: attempt.early.count, of: index)
        }
        if !isOffer { sendAcknowledgement(rseq, to: tag, on: index, &board) }
        return true
    }

    private mutating func note(
        _ response: SIPMessage, isOffer: Bool, in place: Int, of index: Int
    ) {
        attempts[index].early[place].owesAnswer = isOffer
        if !isOffer, !response.body.isEmpty, attempts[index].early[place].answer == nil {
            attempts[index].early[place].answer = response
            attempts[index].early[place].hasAnswer = true
        }
    }

    private mutating func sendAcknowledgement(
        _ rseq: UInt32, to tag: [UInt8], on index: Int, passing body: SIPMessage? = nil,
        _ board: inout Switchboard
    ) {
        let sequence = attempts[index].invite.cseq.number
        send(
            .prack, on: .called(index), for: .acknowledgement(remoteTag: tag), gate: .open,
            &board,
            write: { writer in
                writer.startHeader(.rack)
                writer.append(rseq)
                writer.append(" ")
                writer.append(sequence)
                writer.append(" INVITE")
                writer.endLine()
            }, passing: body)
    }

    /// The caller's PRACK brings the answer to the offer of a callee. `false`: none is owed.
    mutating func passAnswer(
        in request: SIPMessage, to shown: ShownDialog, _ board: inout Switchboard
    ) -> Bool {
        guard let index = attempts.firstIndex(where: { $0.number == shown.attempt }),
            let place = attempts[index].early.firstIndex(where: {
                $0.dialog.remoteTag == shown.remoteTag[...] && $0.owesAnswer
            })
        else { return false }
        attempts[index].early[place].owesAnswer = false
        attempts[index].early[place].hasAnswer = true
        sendAcknowledgement(
            attempts[index].early[place].sequence, to: shown.remoteTag, on: index,
            passing: request, &board)
        return true
    }

    /// The early dialog that a 2xx confirms; the others are forgotten.
    mutating func takeEarlyDialog(_ index: Int, _ response: SIPMessage) -> EarlyDialog? {
        defer { attempts[index].early = [] }
        return attempts[index].early.first {
            $0.dialog.remoteTag.elementsEqual(response.to.tag ?? [])
        }
    }
}
