import Testing
import TrunkEvents

@testable import SIPAgent

/// Dialers that have to show a password, and what becomes of those that cannot.
@Suite struct AgentAuthenticationTests {
    /// Where a second host of the dialer calls from.
    private static let otherHost = AgentBed.endpoint("127.0.0.7", 5060)

    private static func configuration(
        _ security: SecuritySettings = .init()
    ) -> AgentConfiguration {
        var configuration = AgentBed.configuration { dialer in
            dialer.credentials = Credentials(user: "pbx", password: "word")
            dialer.sources.append(AddressRange(base: otherHost.address))
        }
        configuration.security = security
        return configuration
    }

    private static let strict = SecuritySettings(
        ban: BanRules(failures: 3, window: .seconds(60), duration: .seconds(600)))

    /// An INVITE that answers a challenge.
    private func invite(
        _ id: String, answering challenge: SIPMessage, password: String = "word"
    ) throws -> [UInt8] {
        let credentials = DigestCredentials(
            username: Array("pbx".utf8), password: Array(password.utf8))
        var session = try DigestSession(credentials: credentials, challengedBy: challenge)
        let value = session.authorization(
            method: Bytes("INVITE"), uri: Array("sip:2125550199@127.0.0.1:5062".utf8)[...],
            cnonce: Bytes("c1"))
        return Cast.dialer.invite(
            id, branch: "z9hG4bK-2-\(id)", sequence: 2,
            headers: ["Authorization: \(Octets(value ?? []))"])
    }

    private func challenge(_ bed: AgentBed, _ id: String) throws -> SIPMessage {
        bed.receive(Cast.dialer.invite(id), from: AgentBed.dialer)
        return try bed.expect(AgentBed.dialer, "401 INVITE")
    }

    private func fail(_ bed: AgentBed, _ id: String) throws {
        let challenge = try challenge(bed, id)
        let wrong = try invite(id, answering: challenge, password: "wrong")
        bed.receive(wrong, from: AgentBed.dialer)
        let refusal = try bed.expect(AgentBed.dialer, "403 INVITE")
        bed.receive(
            MessageWriter.ack(for: SIPMessage(written: wrong), response: refusal),
            from: AgentBed.dialer)
    }

    @Test func aChallengeIsSentOnceForEachCopyOfTheRequest() throws {
        let bed = AgentBed(Self.configuration())
        _ = try challenge(bed, "call-1")
        bed.run(for: .seconds(40))
        #expect(!bed.hasMail(AgentBed.dialer))
        _ = try challenge(bed, "call-1")
        #expect(bed.agent.status.transactions == 0)
        bed.expectQuiet()
    }

    /// RFC 8760: each digest that the configuration names is asked for, the strongest first.
    @Test func aDialerMayBeAskedForStrongerDigests() throws {
        var configuration = Self.configuration()
        configuration.dialers[0].digests = [.md5, .sha256]
        let bed = AgentBed(configuration)
        let challenge = try challenge(bed, "call-1")
        let asked = challenge.index.fields.filter { $0.id == .wwwAuthenticate }
            .map { Octets(Array(challenge.index.value($0))).description }
        #expect(asked.count == 2 && asked[0].contains("algorithm=SHA-256"))
        bed.receive(try invite("call-1", answering: challenge), from: AgentBed.dialer)
        let relayed = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(486, to: relayed), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func aReplayedAnswerIsChallengedAnewAndNoCallBegins() throws {
        let bed = AgentBed(Self.configuration())
        let first = try invite("call-1", answering: try challenge(bed, "call-1"))
        bed.receive(first, from: AgentBed.dialer)
        let relayed = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(486, to: relayed), from: AgentBed.alpha)
        bed.run(for: .seconds(40))
        bed.discardMail()
        let replay = Octets(first).description
            .replacing("call-1", with: "call-2")
        bed.receive(Array(replay.utf8), from: AgentBed.dialer)
        let challenge = try bed.expect(AgentBed.dialer, "401 INVITE")
        #expect(challenge.text(.wwwAuthenticate)?.contains("stale=true") == true)
        #expect(bed.events(.callStarted).count == 1)
        bed.expectQuiet()
    }

    @Test func anAnswerFromAnotherAddressIsNone() throws {
        let bed = AgentBed(Self.configuration(Self.strict))
        for round in 0..<4 {
            let stolen = try challenge(bed, "call-\(round)")
            bed.receive(
                try invite("call-\(round)", answering: stolen, password: "wrong"),
                from: Self.otherHost)
        }
        // They were challenged, not refused: nobody gets another one banned.
        #expect(bed.events(.sourceBanned).isEmpty)
        #expect(bed.sent.allSatisfy { SIPMessage(written: $0.bytes).status == 401 })
        bed.expectQuiet()
    }

    @Test func wrongPasswordsBanTheirSourceForAWhileAndNobodyElse() throws {
        let bed = AgentBed(Self.configuration(Self.strict))
        for round in 0..<3 { try fail(bed, "call-\(round)") }
        guard case .sourceBanned(let ban)? = bed.events(.sourceBanned).first else {
            Issue.record("a ban is recorded")
            return
        }
        #expect(ban.source == AgentBed.dialer.address && ban.failures == 3)
        #expect(ban.until == bed.now.wall.advanced(by: .seconds(600)))
        bed.receive(Cast.dialer.invite("call-3"), from: AgentBed.dialer)
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.receive(Cast.dialer.invite("call-4"), from: Self.otherHost)
        #expect(bed.sent.last?.remote.address == Self.otherHost.address)
        bed.run(for: .seconds(601))
        guard case .requestsDropped(let dropped)? = bed.events(.requestsDropped).first else {
            Issue.record("drops are counted")
            return
        }
        #expect(dropped.cause == .ban && dropped.count == 1)
        _ = try challenge(bed, "call-5")
        bed.expectQuiet()
    }

    /// What goes on goes on: a banned source ends the calls that it has.
    @Test func aBanLeavesCallsAlone() throws {
        let bed = AgentBed(Self.configuration(Self.strict))
        bed.receive(
            try invite("good", answering: challenge(bed, "good")), from: AgentBed.dialer)
        let relayed = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: relayed, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 2), from: AgentBed.dialer)
        for round in 0..<3 { try fail(bed, "bad-\(round)") }
        bed.discardMail()
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 3), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "BYE")
        _ = try bed.expect(AgentBed.dialer, "200 BYE")
    }

    @Test func aReloadWithoutBansLiftsThem() throws {
        let bed = AgentBed(Self.configuration(Self.strict))
        for round in 0..<3 { try fail(bed, "call-\(round)") }
        bed.perform { agent, now, output in
            agent.reload(
                Self.configuration(SecuritySettings(ban: nil)), at: now, into: &output)
        }
        _ = try challenge(bed, "call-3")
    }

    @Test func requestsBeyondTheRateAreDroppedAndCountedButNotThoseOfCalls() throws {
        var configuration = AgentBed.configuration()
        configuration.security.requestRate = RequestRateLimit(requestsPerSecond: 3)
        let bed = AgentBed(configuration)
        let call = try bed.answeredCall()
        bed.discardMail()
        for round in 0..<6 {
            bed.receive(Cast.dialer.invite("more-\(round)"), from: AgentBed.dialer)
        }
        // One of three tokens was the first call's; one channel is left.
        #expect(bed.events(.callStarted).count == 3)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 BYE")
        bed.run(for: .seconds(61))
        guard case .requestsDropped(let dropped)? = bed.events(.requestsDropped).first else {
            Issue.record("drops are counted")
            return
        }
        #expect(dropped.cause == .rate && dropped.count == 4)
        #expect(dropped.source == AgentBed.dialer.address)
    }
}
