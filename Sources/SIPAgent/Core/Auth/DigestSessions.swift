/// What a challenged client is to do next.
enum ChallengeVerdict: Equatable, Sendable {
    /// Send the request again, with the next CSeq and `authorizations(method:uri:cnonce:body:)`.
    case answer
    /// The answer to a fresh challenge was refused: the user name or the password is wrong.
    case credentialsRefused
    /// No challenge that we can compute.
    case unsupported
}

/// Authorization or Proxy-Authorization, as a request carries it.
struct CredentialHeader: Hashable, Sendable {
    var header: HeaderID
    var value: [UInt8]
}

/// All protection spaces that a client meets on its way: the far end's, and those of the proxies
/// before it, each of which leaves the others' credentials alone (RFC 3261 section 22.3).
///
/// ```
///   407 of realm 1        407 of realm 2            401
///  --------------> [1] ----------------> [1, 2] ---------> [1, 2, far end]
/// ```
/// Each copy of the request answers them all. One of a realm that was answered before is refused,
/// unless it is stale; so a request leaves `spacesMax` times `DigestSession.answersMax` times at
/// most.
struct DigestSessions: Sendable {
    private let credentials: DigestCredentials
    /// Places are kept, since a request counts what it answered by them.
    private var sessions: [DigestSession] = []

    init(credentials: DigestCredentials) {
        self.credentials = credentials
    }

    /// Takes a 401 or 407.
    ///
    /// - Parameter tally: of the request that was challenged.
    mutating func receive(
        challengesIn response: SIPMessage, _ tally: inout ChallengeTally
    ) -> ChallengeVerdict {
        var verdict = ChallengeVerdict.unsupported
        for challenge in DigestChallenge.strongest(in: response) {
            guard let space = take(challenge, tally) else { continue }
            if sessions[space].isArmed {
                tally.count(space)
                verdict = .answer
            } else if verdict == .unsupported {
                verdict = .credentialsRefused
            }
        }
        return verdict
    }

    /// The place of the challenge's session; `nil` where the request has answered for all places.
    private mutating func take(_ challenge: DigestChallenge, _ tally: ChallengeTally) -> Int? {
        if let known = sessions.firstIndex(where: { $0.isAsked(by: challenge) }) {
            sessions[known].receive(challenge, answered: tally[known])
            return known
        }
        let session = DigestSession(credentials: credentials, answering: challenge)
        if sessions.count < ChallengeTally.spacesMax {
            sessions.append(session)
            return sessions.endIndex - 1
        }
        // A registrar that moved, say: whoever does not ask any more makes room.
        guard let idle = sessions.indices.first(where: { tally[$0] == 0 }) else { return nil }
        sessions[idle] = session
        return idle
    }

    /// Takes a 2xx: the server may name the nonce of the next request (Authentication-Info, which
    /// names no realm).
    mutating func receive(success response: SIPMessage) {
        let asking = sessions.indices.filter {
            sessions[$0].isArmed && sessions[$0].header == .authorization
        }
        guard asking.count == 1, let info = response.first(.authenticationInfo),
            let next = AuthParameters(bare: info)?.value("nextnonce")
        else { return }
        sessions[asking[0]].receive(nextNonce: next)
    }

    /// Whether `authorizations` wants the body, too.
    var coversBody: Bool { sessions.contains(where: \.coversBody) }

    /// What the next request carries; nothing before the first challenge.
    mutating func authorizations(
        method: Bytes, uri: Bytes, cnonce: Bytes, body: Bytes = []
    ) -> [CredentialHeader] {
        sessions.indices.compactMap { space in
            sessions[space].authorization(method: method, uri: uri, cnonce: cnonce, body: body)
                .map { CredentialHeader(header: sessions[space].header, value: $0) }
        }
    }
}
