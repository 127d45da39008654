import Testing

@testable import SIPAgent

struct DigestSessionsTests {
    private var sessions = DigestSessions(
        credentials: DigestCredentials(
            username: Array("alice".utf8), password: Array("secret".utf8)))

    private func refusal(_ lines: String...) throws -> SIPMessage {
        try message(
            """
            SIP/2.0 407 Proxy Authentication Required
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr1
            From: <sip:a@192.0.2.9>;tag=1
            To: <sip:192.0.2.1>;tag=2
            Call-ID: r1
            CSeq: 1 INVITE
            \(lines.joined(separator: "\n"))
            Content-Length: 0


            """)
    }

    private func proxy(_ realm: String, _ more: String = "") -> String {
        "Proxy-Authenticate: Digest realm=\"\(realm)\", nonce=\"n\", qop=\"auth\"\(more)"
    }

    /// Header and realm of what the next request carries.
    private mutating func carried() -> [String] {
        sessions.authorizations(method: bytes("INVITE"), uri: bytes("sip:h"), cnonce: bytes("c"))
            .map { credentials in
                let realm = AuthParameters(credentials.value[...])?.value("realm")
                let isProxys = credentials.header == .proxyAuthorization
                return (isProxys ? "proxy " : "far end ") + (text(realm) ?? "-")
            }
    }

    @Test mutating func eachProxyOfAChainGetsItsOwn() throws {
        var tally = ChallengeTally()
        #expect(carried().isEmpty)
        for realm in ["one", "two"] {
            let answer = try refusal(proxy(realm))
            #expect(sessions.receive(challengesIn: answer, &tally) == .answer)
        }
        #expect(carried() == ["proxy one", "proxy two"])
        let far = try refusal("WWW-Authenticate: Digest realm=\"one\", nonce=\"n\", qop=\"auth\"")
        #expect(sessions.receive(challengesIn: far, &tally) == .answer)
        #expect(carried() == ["proxy one", "proxy two", "far end one"])
        #expect((0..<3).map { tally[$0] } == [1, 1, 1])
    }

    /// Section 16.7: a proxy that forks gathers what the branches ask.
    @Test mutating func allChallengesOfOneAnswerAreAnswered() throws {
        var tally = ChallengeTally()
        let answer = try refusal(
            proxy("one"), proxy("two", ", algorithm=SHA-256"), proxy("two", ", algorithm=MD5"),
            "WWW-Authenticate: Digest realm=\"three\", nonce=\"n\"", "Proxy-Authenticate: Basic x")
        #expect(sessions.receive(challengesIn: answer, &tally) == .answer)
        #expect(carried() == ["proxy one", "proxy two", "far end three"])
    }

    @Test mutating func aRealmThatAsksTwiceRefuses() throws {
        var tally = ChallengeTally()
        let (one, two) = (try refusal(proxy("one")), try refusal(proxy("two")))
        #expect(sessions.receive(challengesIn: one, &tally) == .answer)
        #expect(sessions.receive(challengesIn: two, &tally) == .answer)
        #expect(sessions.receive(challengesIn: one, &tally) == .credentialsRefused)
        #expect(carried() == ["proxy two"])
        // Another request: the nonce may merely be forgotten.
        var next = ChallengeTally()
        #expect(sessions.receive(challengesIn: one, &next) == .answer)
        #expect(carried() == ["proxy one", "proxy two"])
    }

    @Test mutating func whoAsksForEverIsLeftAlone() throws {
        var tally = ChallengeTally()
        var rounds = 0
        while try sessions.receive(
            challengesIn: refusal(proxy("r\(rounds)")), &tally) == .answer
        {
            rounds += 1
        }
        #expect(rounds == ChallengeTally.spacesMax)
        #expect(try sessions.receive(challengesIn: refusal(proxy("x")), &tally) == .unsupported)
        while try sessions.receive(
            challengesIn: refusal(proxy("r0", ", stale=true")), &tally) == .answer
        {
            rounds += 1
        }
        #expect(rounds == ChallengeTally.spacesMax + DigestSession.answersMax - 1)
        // The next request has room for realms that are new.
        var next = ChallengeTally()
        #expect(try sessions.receive(challengesIn: refusal(proxy("new")), &next) == .answer)
        #expect(carried().contains("proxy new"))
    }

    @Test mutating func theNextNonceIsTheFarEnds() throws {
        var tally = ChallengeTally()
        let asked = try refusal(
            proxy("one"), "WWW-Authenticate: Digest realm=\"two\", nonce=\"n\", qop=\"auth\"")
        _ = sessions.receive(challengesIn: asked, &tally)
        sessions.receive(success: try refusal("Authentication-Info: nextnonce=\"n9\", qop=auth"))
        let nonces = sessions.authorizations(
            method: bytes("INVITE"), uri: bytes("sip:h"), cnonce: bytes("c")
        ).map { text(AuthParameters($0.value[...])?.value("nonce")) }
        #expect(nonces == ["n", "n9"])
    }
}
