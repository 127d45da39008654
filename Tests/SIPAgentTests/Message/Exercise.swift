import Testing
import TrunkEvents

@testable import SIPAgent

/// Reads all that can be read of a datagram and answers it, as the running agent might. Whatever
/// comes of it, our own output must be a message again.
func exercise(_ datagram: [UInt8]) {
    let source = Endpoint(address: IPAddress(v4: 0xc000_0209), port: 5_061)
    switch ParseOutcome(parsing: datagram) {
    case .unusable: return
    case .malformedRequest(let request):
        let answer = MessageWriter(refusing: request, toTag: bytes("t"), source: source).finish()
        _ = ParseOutcome(parsing: answer)
        _ = request.responseDestination(source: source)
    case .message(let message):
        readAll(message)
        if message.isRequest { answer(message, source) }
    }
}

private func readAll(_ message: SIPMessage) {
    _ = (
        message.topVia.branch, message.topVia.received, message.topVia.rport, message.topVia.sentBy
    )
    _ = (message.from.tag, message.from.display, message.from.uri?.user, message.to.uri?.hostPort)
    _ = (message.callID.count, message.cseq.number, message.maxForwards, message.body.count)
    _ = (message.recordRoutes.count, message.routes.count, message.retryAfter, message.q850Cause)
    _ = (Array(message.contacts).count, message.contact?.uri?.parameter("transport"))
    _ = DigestChallenge.strongest(in: message)
    for field in message.index.fields {
        _ = AuthParameters(message.index.value(field))
        _ = MediaType(message.index.value(field))
        _ = Array(message.values(of: field.id))
    }
    _ = RequestCheck.verdict(message)
    _ = ResponseCheck.verdict(message)
}

private func answer(_ request: SIPMessage, _ source: Endpoint) {
    for status in [UInt16(100), 200, 503] {
        let answer = MessageWriter(
            responseTo: request, status: status, toTag: bytes("tag1"), source: source,
            recordRoute: true
        ).finish()
        guard let back = try? SIPMessage(parsing: answer) else {
            Issue.record("our own answer does not parse: \(text(answer))")
            return
        }
        #expect(back.status == status)
        #expect(back.callID == request.callID)
        #expect(back.cseq.number == request.cseq.number)
    }
    if request.method == .invite {
        _ = MessageWriter.cancel(for: request).finish()
    }
}
