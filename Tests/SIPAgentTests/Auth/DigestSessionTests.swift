import TestSupport
import Testing

@testable import SIPAgent

struct DigestSessionTests {
    private static let mufasa = DigestCredentials(
        username: Array("Mufasa".utf8), password: Array("Circle of Life".utf8))

    /// A 401 or 407 with the given challenges.
    private func challenge(_ values: [String], status: Int = 401) throws -> SIPMessage {
        let name = status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate"
        let lines = values.map { "\(name): \($0)\n" }.joined()
        return try message(
            """
            SIP/2.0 \(status) Unauthorized
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr1
            From: <sip:a@192.0.2.9>;tag=1
            To: <sip:192.0.2.1>;tag=2
            Call-ID: r1
            CSeq: 1 REGISTER
            \(lines)Content-Length: 0


            """)
    }

    private func value(_ name: StaticString, _ authorization: [UInt8]?) -> String? {
        text(authorization.flatMap { AuthParameters($0[...]) }?.value(name))
    }

    private static let rfc7616 = """
        Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=ALG,
          nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
          opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
        """

    /// RFC 7616 section 3.9.1.
    @Test(arguments: [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ("SHA-512-256", "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0"),
    ])
    func answersOfRFC7616(_ algorithm: String, _ response: String) throws {
        let challenge = try challenge([Self.rfc7616.replacing("ALG", with: algorithm)])
        var session = try DigestSession(credentials: Self.mufasa, challengedBy: challenge)
        let answer = session.authorization(
            method: bytes("GET"), uri: bytes("/dir/index.html"),
            cnonce: bytes("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
        #expect(value("response", answer) == response)
        #expect(value("opaque", answer) == "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")
        #expect(value("nc", answer) == "00000001")
        #expect(value("algorithm", answer) == algorithm)
    }

    /// Worked out with Python's hashlib.
    @Test func theBodyIsCoveredWhereAuthIntIsOfferedAlone() throws {
        let challenge = try challenge([
            #"Digest realm="r", qop="auth-int", algorithm=SHA-256, nonce="n""#
        ])
        var session = try DigestSession(credentials: Self.mufasa, challengedBy: challenge)
        #expect(session.coversBody)
        let answer = session.authorization(
            method: bytes("INVITE"), uri: bytes("sip:h"), cnonce: bytes("c"), body: bytes("v=0"))
        #expect(value("qop", answer) == "auth-int")
        let digest = "05eeb6a35e57ebbc599054a765845f15533bc90022280acc866bb30990fa7b3e"
        #expect(value("response", answer) == digest)
    }

    @Test(arguments: [
        (["MD5", "SHA-512-256", "SHA-256"], "SHA-512-256"), (["MD5", "SHA-256"], "SHA-256"),
        (["SHA3-256", "MD5"], "MD5"),
    ])
    func theStrongestThatWeKnowIsAnswered(offered: [String], taken: String) throws {
        let challenge = try challenge(
            offered.map { #"Digest realm="r", qop="auth", algorithm=\#($0), nonce="n""# })
        var session = try DigestSession(credentials: Self.mufasa, challengedBy: challenge)
        let answer = session.authorization(
            method: bytes("REGISTER"), uri: bytes("sip:h"), cnonce: bytes("c"))
        #expect(value("algorithm", answer) == taken)
    }

    /// RFC 2617 section 3.5: no algorithm named.
    @Test func answerOfRFC2617() throws {
        let credentials = DigestCredentials(
            username: Array("Mufasa".utf8), password: Array("Circle Of Life".utf8))
        let challenge = try challenge([
            """
            digest realm = "testrealm@host.com" , qop="auth,auth-int",
              nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"
            """
        ])
        var session = try DigestSession(credentials: credentials, challengedBy: challenge)
        let answer = session.authorization(
            method: bytes("GET"), uri: bytes("/dir/index.html"), cnonce: bytes("0a4f113b"))
        #expect(value("response", answer) == "6629fae49393a05397450978507c4ef1")
    }

    /// The form without qop: KD(H(A1), nonce:H(A2)).
    @Test func answerWithoutQop() throws {
        let challenge = try challenge(["Digest realm=\"r\", nonce=\"n\""], status: 407)
        var session = try DigestSession(credentials: Self.mufasa, challengedBy: challenge)
        #expect(session.header == .proxyAuthorization)
        let answer = session.authorization(
            method: bytes("INVITE"), uri: bytes("sip:h"), cnonce: bytes("c"))
        let first = DigestHash.hex(.md5, [bytes("Mufasa"), bytes("r"), bytes("Circle of Life")])
        let second = DigestHash.hex(.md5, [bytes("INVITE"), bytes("sip:h")])
        let expected = DigestHash.hex(.md5, [first[...], bytes("n"), second[...]])
        #expect(value("response", answer) == text(expected))
        #expect(value("nc", answer) == nil)
        #expect(value("cnonce", answer) == nil)
    }

    // pjproject#2712, #2408, SIPp#488, sipsorcery#525, opensips#2227: several challenges, or
    // SHA-256.
    @Test func theStrongestChallengeWins() throws {
        let response = try challenge([
            "Digest realm=\"r\", nonce=\"weak\", algorithm=MD5, qop=\"auth\"",
            "Digest realm=\"r\", nonce=\"strong\", algorithm=sha-256, qop=auth",
            "Digest realm=\"r\", nonce=\"odd\", algorithm=SHA3-256, qop=auth",
            "Basic realm=\"r\"",
        ])
        let best = try #require(DigestChallenge.strongest(in: response).first)
        #expect(text(best.nonce) == "strong")
        #expect(best.algorithm == .sha256)
    }

    @Test(arguments: [
        "Basic realm=\"r\"", "Digest realm=\"r\"", "Digest nonce=\"n\"", "Digest",
        "Digest realm=\"r\", nonce=\"n\", algorithm=AKAv1-MD5",
        "Digest realm=\"r\", nonce=\"n\", qop=\"token\"",
        "Digest realm=\"r\", nonce", "Digest realm=\"r\", nonce=\"n",
    ])
    func challengesWeCannotAnswer(_ value: String) {
        #expect(DigestChallenge(bytes(value)) == nil)
    }

    @Test func staleNonceIsAnsweredAgainAndARefusalIsNot() throws {
        let challenges = ["nonce=\"n1\", qop=\"auth\"", "nonce=\"n2\", qop=\"auth\", stale=TRUE"]
            .compactMap { DigestChallenge(bytes("Digest realm=\"r\", \($0)")) }
        let (first, stale) = (challenges[0], challenges[1])
        var session = DigestSession(credentials: Self.mufasa, answering: first)
        session.receive(stale, answered: 1)
        #expect(session.isArmed)
        let answer = session.authorization(method: bytes("A"), uri: bytes("u"), cnonce: bytes("c"))
        #expect(value("nonce", answer) == "n2")
        #expect(value("nc", answer) == "00000001")
        session.receive(first, answered: 1)
        #expect(!session.isArmed)
        session.receive(first, answered: 0)
        #expect(session.isArmed)
        session.receive(stale, answered: 3)
        #expect(!session.isArmed)
    }

    @Test func nonceCountGrowsUntilTheNonceChanges() throws {
        let first = try #require(
            DigestChallenge(bytes("Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"")))
        var session = DigestSession(credentials: Self.mufasa, answering: first)
        func count() -> String? {
            value(
                "nc", session.authorization(method: bytes("A"), uri: bytes("u"), cnonce: bytes("c"))
            )
        }
        #expect(count() == "00000001")
        #expect(count() == "00000002")
        // The same nonce for another request on its way: its count goes on.
        session.receive(first, answered: 0)
        #expect(count() == "00000003")
        session.receive(nextNonce: bytes("n9"))
        #expect(count() == "00000001")
    }

    @Test func credentialsAreNotPrinted() {
        #expect(!"\(Self.mufasa)".contains("Circle"))
        #expect(!String(reflecting: Self.mufasa).contains("Circle"))
    }
}

extension DigestSession {
    /// Answers the first space that a response asks for.
    init(credentials: DigestCredentials, challengedBy response: SIPMessage) throws {
        let challenge = try #require(DigestChallenge.strongest(in: response).first)
        self.init(credentials: credentials, answering: challenge)
    }
}
