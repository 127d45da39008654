import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

struct DigestVerifierTests {
    private let credentials = DigestCredentials(
        username: Array("dialer".utf8), password: Array("s3cret".utf8))
    private let salt: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

    private func verifier(_ algorithms: DigestAlgorithm...) -> DigestVerifier {
        DigestVerifier(
            realm: Array("trunks".utf8),
            algorithms: algorithms.isEmpty ? [.sha256] : Set(algorithms),
            key: [UInt8](repeating: 7, count: 32))
    }

    /// A client that was challenged at second `now`.
    private func session(_ verifier: DigestVerifier, now: UInt64) throws -> DigestSession {
        let invite = try message(plainInvite)
        var writer = MessageWriter(responseTo: invite, status: 401, toTag: bytes("t"))
        for value in verifier.challenges(salt: salt, now: now) {
            writer.header(.wwwAuthenticate, value)
        }
        return try DigestSession(
            credentials: credentials, challengedBy: try SIPMessage(parsing: writer.finish()))
    }

    private func request(_ session: inout DigestSession) throws -> SIPMessage {
        let value = session.authorization(
            method: bytes("INVITE"), uri: bytes("sip:+12125550100@192.0.2.1:5060;user=phone"),
            cnonce: bytes("0a4f"))
        return try message(
            plainInvite.replacing(
                "Supported:", with: "Authorization: \(text(try #require(value)))\nSupported:"))
    }

    @Test(arguments: DigestAlgorithm.allCases)
    func acceptsARightAnswer(_ algorithm: DigestAlgorithm) throws {
        var verifier = verifier(algorithm)
        var session = try session(verifier, now: 100)
        for _ in 0..<3 {
            let invite = try request(&session)
            #expect(
                verifier.verify(
                    invite, header: .authorization, credentials: credentials, now: 110) == .accepted
            )
        }
    }

    /// RFC 8760 section 2.4: one challenge for each, the strongest first; a client answers the one
    /// that it prefers, and none that was not asked.
    @Test func severalAlgorithmsAreAskedStrongestFirst() throws {
        var both = verifier(.md5, .sha512Slash256, .sha256)
        let asked = both.challenges(salt: salt, now: 100).map { Octets($0).description }
        #expect(
            asked.compactMap { $0.split(separator: "algorithm=").last?.prefix { $0 != "," } }
                == ["SHA-512-256", "SHA-256", "MD5"])
        var strongest = try session(both, now: 100)
        #expect(
            text(try #require(try request(&strongest).first(.authorization)))
                .contains("SHA-512-256"))
        for algorithm in [DigestAlgorithm.md5, .sha256, .sha512Slash256] {
            var answering = try session(verifier(algorithm), now: 100)
            let verdict = both.verify(
                try request(&answering), header: .authorization, credentials: credentials,
                now: 100)
            #expect(verdict == (algorithm == .md5 ? .accepted : .stale), "one nonce, used once")
        }
        var old = try session(verifier(.md5), now: 100)
        var strict = verifier(.sha256)
        #expect(
            strict.verify(
                try request(&old), header: .authorization, credentials: credentials, now: 100)
                == .absent)
    }

    @Test func aReplayIsStale() throws {
        var verifier = verifier()
        var session = try session(verifier, now: 100)
        let invite = try request(&session)
        #expect(
            verifier.verify(
                invite, header: .authorization, credentials: credentials, now: 100) == .accepted)
        #expect(
            verifier.verify(
                invite, header: .authorization, credentials: credentials, now: 100) == .stale)
    }

    @Test func anOldNonceIsStale() throws {
        var verifier = verifier()
        var session = try session(verifier, now: 100)
        let invite = try request(&session)
        #expect(
            verifier.verify(
                invite, header: .authorization, credentials: credentials, now: 401) == .stale)
        let again = verifier.challenges(salt: salt, now: 401, stale: true)
        #expect(again.count == 1 && text(again[0]).contains("stale=true"))
    }

    /// Who cannot read what is sent to an address cannot answer, rightly or wrongly, from it.
    @Test func aNonceIsGoodAtItsAddressOnly() throws {
        var verifier = verifier()
        let (one, other) = (IPAddress(v4: 1), IPAddress(v4: 2))
        var writer = MessageWriter(
            responseTo: try message(plainInvite), status: 401, toTag: bytes("t"))
        writer.header(.wwwAuthenticate, verifier.challenges(one, salt: salt, now: 100)[0])
        var session = try DigestSession(
            credentials: credentials, challengedBy: try SIPMessage(parsing: writer.finish()))
        let invite = try request(&session)
        for (source, expected) in [(other, DigestVerdict.absent), (one, .accepted)] {
            #expect(
                verifier.verify(
                    invite, header: .authorization, credentials: credentials, from: source,
                    now: 100) == expected)
        }
    }

    @Test func aWrongPasswordIsRefused() throws {
        var verifier = verifier()
        var session = try session(verifier, now: 100)
        let invite = try request(&session)
        let other = DigestCredentials(
            username: Array("dialer".utf8), password: Array("other".utf8))
        #expect(
            verifier.verify(
                invite, header: .authorization, credentials: other, now: 100) == .refused)
    }

    /// RFC 7616 section 3.4.6: who gets hold of credentials cannot call another number with them.
    @Test func credentialsForAnotherNumberAreRefused() throws {
        var verifier = verifier()
        var session = try session(verifier, now: 100)
        let invite = text(try request(&session).bytes)
        let other = invite.replacing("INVITE sip:+12125550100@", with: "INVITE sip:+19005550100@")
        #expect(
            verifier.verify(
                try SIPMessage(parsing: Array(other.utf8)), header: .authorization,
                credentials: credentials, now: 100) == .refused)
        // Behind a proxy that changed the host.
        let proxied = invite.replacing("@192.0.2.1:5060;user=phone SIP", with: "@192.0.2.7 SIP")
        #expect(
            verifier.verify(
                try SIPMessage(parsing: Array(proxied.utf8)), header: .authorization,
                credentials: credentials, now: 100) == .accepted)
    }

    @Test func aForeignNonceIsAsIfAbsent() throws {
        let foreign = DigestVerifier(
            realm: Array("trunks".utf8), algorithms: [.sha256],
            key: [UInt8](repeating: 8, count: 32))
        var verifier = verifier()
        var session = try session(foreign, now: 100)
        let invite = try request(&session)
        #expect(
            verifier.verify(
                invite, header: .authorization, credentials: credentials, now: 100) == .absent)
        #expect(
            verifier.verify(
                try message(plainInvite), header: .authorization, credentials: credentials, now: 100
            )
                == .absent)
    }

    /// No flipped byte of the credentials is accepted (but in what is not hashed, like opaque).
    @Test func noForgedAnswerIsAccepted() throws {
        var random = Seed(for: "noForgedAnswerIsAccepted").generator()
        let clean = verifier()
        var session = try session(clean, now: 100)
        let invite = try request(&session)
        let value = try #require(invite.first(.authorization))
        let parameters = try #require(AuthParameters(value))
        let response = try #require(parameters.value("response"))
        for _ in 0..<50 {
            var forged = invite.bytes
            let position = Int.random(in: response.startIndex..<response.endIndex, using: &random)
            forged[position] = forged[position] == UInt8(ascii: "0") ? 49 : 48
            var verifier = clean
            #expect(
                verifier.verify(
                    try SIPMessage(parsing: forged), header: .authorization,
                    credentials: credentials,
                    now: 100) == .refused)
        }
    }
}
