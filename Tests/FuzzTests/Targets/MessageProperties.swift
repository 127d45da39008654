import TrunkEvents

@testable import SIPAgent

/// Parser and writers of whole messages: what is taken can be read, what is written from it is
/// taken again and says the same, and no answer is much larger than what it answers.
enum MessageProperties {
    private static let source = Endpoint(address: IPAddress(v4: 0xC000_0209), port: 5_061)
    private static let tag = Array("tag1".utf8)

    static func check(_ datagram: [UInt8]) throws(BrokenProperty) {
        for isFramed in [false, true] {
            var room: [HeaderField] = []
            switch ParseOutcome(parsing: datagram, isFramed: isFramed, reusing: &room) {
            case .unusable:
                break
            case .malformedRequest(let request):
                try checkRefusal(request)
            case .message(let message):
                try checkRead(message)
                try checkWrittenAgain(message)
                if message.isRequest { try checkAnswers(message) }
            }
        }
    }

    private static func checkRead(_ message: SIPMessage) throws(BrokenProperty) {
        let size = message.bytes.count
        try hold(message.index.body.end <= size, "the body lies inside the message")
        for field in message.index.fields {
            try hold(
                field.name.end <= field.value.start && field.value.end <= message.index.body.start,
                "a field lies before the body, its name before its value")
            let value = message.index.value(field)
            _ = (AuthParameters(value), MediaType(value), SessionExpires(value), RAck(value))
            let elements = Array(message.values(of: field.id))
            try hold(
                elements.count <= MessageLimits.listElementsMax, "a list is read to its limit only")
        }
        _ = (message.topVia.branch, message.topVia.rport, message.topVia.received)
        _ = (message.from.tag, message.from.display, message.to.uri?.user, message.to.tag)
        _ = (message.recordRoutes, message.routes, message.contact?.uri, message.retryAfter)
        _ = (message.q850Cause, message.sessionExpires, DigestChallenge.strongest(in: message))
        _ = (RequestCheck.verdict(message), ResponseCheck.verdict(message))
        _ = (message.reopeningPort, message.maxForwards, message.expires)
    }

    /// Parse, write, parse: the same fields and the same body.
    private static func checkWrittenAgain(_ message: SIPMessage) throws(BrokenProperty) {
        let copy = written(message)
        guard copy.count <= MessageLimits.messageBytesMax,
            message.index.fields.count < MessageLimits.headerFieldsMax
        else { return }
        guard let back = try? SIPMessage(parsing: copy) else {
            throw BrokenProperty(description: "a message that was taken is not taken again")
        }
        try hold(back.body.elementsEqual(message.body), "the body is the same")
        let (before, after) = (fields(message), fields(back))
        try hold(before.count == after.count, "as many fields")
        for (one, other) in zip(before, after) {
            try hold(one.id == other.id, "the same header")
            try hold(one.name.elementsEqual(other.name), "the same name")
            try hold(one.value.elementsEqual(other.value), "the same value")
        }
        try hold(written(back) == copy, "what is written twice is the same")
    }

    private static func written(_ message: SIPMessage) -> [UInt8] {
        var writer = MessageWriter(capacity: message.bytes.count + 64)
        if let method = message.methodName, let uri = message.requestURI {
            writer.append(method)
            writer.append(" ")
            writer.append(uri)
            writer.append(" SIP/2.0")
        } else {
            writer.append("SIP/2.0 ")
            writer.append(message.status ?? 0)
            writer.append(" ")
            writer.append(message.reasonPhrase ?? [])
        }
        writer.endLine()
        writer.copyHeaders(of: message, except: [.contentLength])
        return writer.finish(body: message.body)
    }

    private static func fields(
        _ message: SIPMessage
    ) -> [(id: HeaderID, name: Bytes, value: Bytes)] {
        message.index.fields.filter { $0.id != .contentLength }.map { field in
            (field.id, message.index.name(field), message.index.value(field))
        }
    }

    private static func checkAnswers(_ request: SIPMessage) throws(BrokenProperty) {
        for status in [UInt16(100), 200, 503] {
            let answer = MessageWriter(
                responseTo: request, status: status, toTag: tag[...], source: source,
                recordRoute: status == 200
            ).finish()
            guard answer.count <= MessageLimits.messageBytesMax else { continue }
            guard let back = try? SIPMessage(parsing: answer) else {
                throw BrokenProperty(description: "our answer is no message: \(Octets(answer))")
            }
            try hold(back.status == status, "the status is the one given")
            try hold(back.callID == request.callID, "the Call-ID is the request's")
            try hold(back.cseq.number == request.cseq.number, "the CSeq is the request's")
            try hold(
                back.index.values(of: .via).reduce(0) { count, _ in count + 1 }
                    == request.index.values(of: .via).reduce(0) { count, _ in count + 1 },
                "each Via goes back")
        }
        try checkFollowUps(request)
    }

    private static func checkFollowUps(_ request: SIPMessage) throws(BrokenProperty) {
        guard request.method == .invite else { return }
        let cancel = MessageWriter.cancel(for: request).finish()
        guard cancel.count <= MessageLimits.messageBytesMax else { return }
        guard let back = try? SIPMessage(parsing: cancel) else {
            throw BrokenProperty(description: "our CANCEL is no message: \(Octets(cancel))")
        }
        try hold(back.method == .cancel, "a CANCEL is one")
        try hold(
            back.topVia.branch.map { Array($0) } == request.topVia.branch.map { Array($0) },
            "it has its INVITE's branch")
    }

    /// A refusal has what the request had, in at most so many octets more: a line a Via, long
    /// names for compact ones, the phrase and the tag.
    private static func checkRefusal(_ request: MalformedRequest) throws(BrokenProperty) {
        let answer = MessageWriter(refusing: request, toTag: tag[...], source: source).finish()
        let room = 256 + 8 * MessageLimits.listElementsMax
        try hold(
            answer.count <= request.index.bytes.count + room, "a refusal is about as large at most")
        _ = ParseOutcome(parsing: answer)
        _ = request.responseDestination(source: source)
    }
}
