import TrunkEvents

/// 401 and 407 from a carrier that we register with: answered within the same attempt or dialog
/// (RFC 3261 section 22.2).
extension Call {
    /// Sends the attempt's INVITE again with credentials. `false`: there is no answer to give.
    mutating func answerChallenge(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        var attempt = attempts[index]
        var answered = attempt.challengesAnswered
        guard direction == .outbound,
            let again = board.answer(
                response, to: attempt.invite.bytes, .invite, answered: &answered,
                sequence: attempt.invite.cseq.number + 1, digest: &attempt.digest,
                leg: (self, .called(index)))
        else { return false }
        attempt.challengesAnswered = answered
        resend(again, &attempt, &board)
        attempts[index] = attempt
        return true
    }
}

/// A request of one leg as it goes out on the other, perhaps with credentials.
struct OutgoingRequest: Sendable {
    let message: SIPMessage
    let branch: [UInt8]

    var bytes: [UInt8] { message.bytes }

    init?(_ bytes: [UInt8], branch: [UInt8]) {
        guard let message = SIPMessage(own: bytes) else { return nil }
        self.message = message
        self.branch = branch
    }
}

extension Switchboard {
    /// The same request once more, with credentials, the next CSeq and a new branch; `nil` unless
    /// it was challenged by a trunk whose credentials we have.
    ///
    /// - Parameter answered: the challenges that this request has answered already.
    mutating func answer(
        _ response: SIPMessage, to request: [UInt8], _ method: Method,
        answered: inout ChallengeTally, sequence: UInt32, digest: inout DigestSessions?,
        leg: (call: Call, id: Call.LegID)
    ) -> OutgoingRequest? {
        guard response.status == 401 || response.status == 407,
            let trunk = leg.call.channel(of: leg.id)?.trunk,
            let credentials = directory.trunks[trunk]?.registration?.credentials,
            let sent = SIPMessage(own: request)
        else { return nil }
        var sessions =
            digest
            ?? DigestSessions(
                credentials: DigestCredentials(
                    username: credentials.user.bytes, password: credentials.password.bytes))
        guard sessions.receive(challengesIn: response, &answered) == .answer else { return nil }
        let cnonce = entropy.tag()
        let headers = sessions.authorizations(
            method: Bytes(method.name), uri: sent.requestURI ?? [], cnonce: cnonce[...],
            body: sent.body)
        digest = sessions
        return again(sent, method, sequence: sequence) { writer in
            for credentials in headers { writer.header(credentials.header, credentials.value) }
        }
    }

    /// A request of ours once more, with another branch and CSeq, and with headers of its own in
    /// place of some.
    ///
    /// - Parameter local: the listener that it leaves from, where that is another one now.
    mutating func again(
        _ sent: SIPMessage, _ method: Method, to target: Bytes? = nil, sequence: UInt32,
        from local: Endpoint? = nil, except ids: HeaderSet = [],
        write: (inout MessageWriter) -> Void = { _ in }
    ) -> OutgoingRequest? {
        let branch = entropy.branch()
        let sentBy = local.map { directory.sentBy($0) }
        let via = ViaHead(
            transport: local.map { ViaTransport($0.transport) } ?? sent.topVia.transport,
            sentBy: sentBy.map { $0[...] } ?? sent.topVia.sentBy, branch: branch[...])
        var writer = MessageWriter(
            request: RequestHead(
                method: method, uri: target ?? sent.requestURI ?? [], via: via,
                maxForwards: UInt8(min(sent.maxForwards ?? 70, 255)), from: sent.first(.from) ?? [],
                to: sent.first(.to) ?? [], callID: sent.callID, cseq: sequence,
                routes: sent.routes.map(\.text)))
        if let local { writer.header(.contact, directory.contact(local)) }
        write(&writer)
        let replaced = local == nil ? Self.rewritten : Self.rewritten.union([.contact])
        writer.copyHeaders(of: sent, except: replaced.union(ids))
        return OutgoingRequest(writer.finish(body: sent.body), branch: branch)
    }

    private static let rewritten: HeaderSet = [
        .via, .route, .maxForwards, .from, .to, .callID, .cseq, .contentLength, .authorization,
        .proxyAuthorization,
    ]

    /// The attempt's INVITE for another address or with other headers: a request of its own, which
    /// brings the credentials that the carrier has asked for before, and may be challenged anew.
    mutating func another(
        _ attempt: inout Attempt, to target: Bytes? = nil, from local: Endpoint? = nil,
        except ids: HeaderSet = [], write: (inout MessageWriter) -> Void = { _ in }
    ) -> OutgoingRequest? {
        let invite = attempt.invite
        let cnonce = entropy.tag()
        let credentials = attempt.digest?.authorizations(
            method: Bytes(Method.invite.name), uri: target ?? invite.requestURI ?? [],
            cnonce: cnonce[...], body: invite.body)
        attempt.challengesAnswered = ChallengeTally()
        return again(
            invite, .invite, to: target, sequence: invite.cseq.number + 1, from: local,
            except: ids
        ) { writer in
            for field in credentials ?? [] { writer.header(field.header, field.value) }
            write(&writer)
        }
    }

    /// Credentials before they are asked for, where the peer has asked before. Where they have to
    /// cover the body, which is not written yet, the peer asks again.
    mutating func authorize(
        _ writer: inout MessageWriter, _ method: Method, uri: Bytes,
        _ digest: inout DigestSessions?
    ) {
        guard var sessions = digest, !sessions.coversBody else { return }
        let cnonce = entropy.tag()
        let headers = sessions.authorizations(
            method: Bytes(method.name), uri: uri, cnonce: cnonce[...])
        digest = sessions
        for credentials in headers { writer.header(credentials.header, credentials.value) }
    }
}
