import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

private let primary = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)
private let granted = "Contact: <sip:2125550100@127.0.0.1:5062>;expires=1800"
private let challenge = #"WWW-Authenticate: Digest realm="c", nonce="n1", qop="auth""#
private let stale = #"WWW-Authenticate: Digest realm="c", nonce="n2", qop="auth", stale=true"#

private func failed(
    _ cause: RegistrationFailure, _ code: UInt16? = nil, reason: Octets = "Answer"
) -> [Event] {
    let reason = code == nil ? .empty : reason
    return [
        .registrationFailed(
            RegistrationFailed(
                trunk: alpha, cause: cause, code: code.map(StatusCode.code), reason: reason))
    ]
}

private func succeeded(_ seconds: UInt32 = 1800) -> [Event] {
    [
        .registrationSucceeded(
            RegistrationSucceeded(
                trunk: alpha, registrar: primary, expiresSeconds: seconds))
    ]
}

private let expired = [Event.registrationExpired(RegistrationExpired(trunk: alpha))]
private let removed = [Event.registrationRemoved(RegistrationRemoved(trunk: alpha))]

struct RegistrationTests {
    private var peer: RegistrarPeer

    init() throws {
        peer = try RegistrarPeer()
        #expect(peer.run().isEmpty)
    }

    @Test mutating func asksForTheConfiguredLifetimeFirst() throws {
        let request = try #require(peer.request)
        #expect(request.expiresSeconds == 3600 && request.cseq == 1)
        #expect(request.credentials.isEmpty)
        #expect(!peer.machine.isInForce)
    }

    /// RFC 3608 section 6.1.
    @Test mutating func theLatestAnswerNamesTheServiceRoute() {
        _ = peer.reply(
            answer(200, "OK", granted, "Service-Route: <sip:p1.example;lr>, <sip:p2.example;lr>"))
        #expect(peer.machine.serviceRoute.count == 2)
        _ = peer.run()
        _ = peer.fail(.timeout)
        #expect(peer.machine.serviceRoute.count == 2)
        _ = peer.run()
        _ = peer.reply(answer(200, "OK", granted))
        #expect(peer.machine.serviceRoute.isEmpty)
    }

    @Test mutating func aRefusalEndsTheServiceRoute() {
        _ = peer.reply(answer(200, "OK", granted, "Service-Route: <sip:p1.example;lr>"))
        _ = peer.run()
        _ = peer.reply(answer(403))
        #expect(peer.machine.serviceRoute.isEmpty)
    }

    @Test func aRegistrarThatFailsHandsOverToTheNextAtOnce() throws {
        let backup = Endpoint(address: IPAddress(v4: 0x7F00_0009), port: 5070)
        var peer = try RegistrarPeer(backups: [backup])
        _ = peer.run()
        #expect(peer.request?.registrar == primary && peer.wait == 8)
        #expect(peer.run() == failed(.timeout))
        #expect(peer.wait == 1)
        _ = peer.run()
        #expect(peer.request?.registrar == backup)
        #expect(
            peer.reply(answer(200, "OK", granted)) == [
                .registrationSucceeded(
                    RegistrationSucceeded(
                        trunk: alpha, registrar: backup, expiresSeconds: 1800))
            ])
        #expect(peer.machine.registrar == backup)
        _ = peer.run()
        #expect(peer.request?.registrar == primary, "it is wanted most")
        _ = peer.fail(.timeout)
        _ = peer.run()
        #expect(peer.request?.registrar == backup, "it stays where it is")
        _ = peer.reply(answer(503))
        #expect(peer.machine.isInForce && peer.machine.registrar == backup)
        _ = peer.run()
        #expect(peer.request?.registrar == primary)
    }

    /// RFC 3261 section 10.2.4: of the bindings that the 2xx lists, ours are refreshed by the first
    /// that ends.
    @Test func severalContactsAreBoundRefreshedAndTakenBackTogether() throws {
        var peer = try RegistrarPeer(contacts: ["4000", "4001"])
        _ = peer.run()
        let uris = ["sip:4000@127.0.0.1:5062", "sip:4001@127.0.0.1:5062"]
        #expect(peer.request?.contacts.map { Octets($0).description } == uris)
        let listed = "Contact: <\(uris[0])>;expires=900, <sip:x@192.0.2.9>;expires=9"
        _ = peer.reply(answer(200, "OK", listed, "Contact: <\(uris[1])>;expires=100"))
        #expect((45...80).contains(try #require(peer.wait)), "of 100 s")
        _ = peer.run()
        #expect(peer.request?.contacts.count == 2)
        _ = peer.reply(answer(200, "OK", listed, "Contact: <\(uris[1])>;expires=100"))
        _ = peer.unregister()
        #expect(peer.request?.expiresSeconds == 0 && peer.request?.contacts.count == 2)
    }

    /// A registrar of the other family is told our address of that family.
    @Test func aBackupOfTheOtherFamilyIsToldWhereItReachesUs() throws {
        let address = try #require(IPAddress("2001:db8::1"))
        let backup = Endpoint(address: try #require(IPAddress("2001:db8::3")), port: 5070)
        var peer = try RegistrarPeer(
            backups: [backup], listeners: [ownListener, Endpoint(address: address, port: 5064)])
        _ = peer.run()
        _ = peer.fail(.timeout)
        _ = peer.run()
        #expect(peer.request?.registrar == backup)
        let contact = "sip:2125550100@[2001:db8::1]:5064"
        #expect(peer.request?.contacts.map { Octets($0).description } == [contact])
        _ = peer.reply(answer(200, "OK", "Contact: <\(contact)>;expires=600"))
        #expect(peer.machine.isInForce)
    }

    /// An operator expects his first registrar to serve again once it is back.
    @Test(arguments: [true, false])
    func theFirstRegistrarIsReturnedTo(isBack: Bool) throws {
        let backup = Endpoint(address: IPAddress(v4: 0x7F00_0009), port: 5070)
        var peer = try RegistrarPeer(backups: [backup])
        _ = peer.run()
        _ = peer.fail(.timeout)
        _ = peer.run()
        _ = peer.reply(answer(200, "OK", granted, "Service-Route: <sip:b.example;lr>"))
        #expect(peer.wait == 300)
        #expect(peer.run().isEmpty && peer.request?.registrar == primary)
        #expect(peer.machine.registrar == backup && peer.machine.isInForce, "it has the binding")
        guard !isBack else {
            #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
            #expect(peer.machine.registrar == primary)
            return
        }
        #expect(peer.reply(answer(403)).isEmpty, "the trunk is as well as it was")
        #expect(peer.machine.isInForce && peer.machine.serviceRoute.count == 1)
        #expect(peer.wait == 1)
        _ = peer.run()
        #expect(peer.request?.registrar == backup)
        _ = peer.reply(answer(200, "OK", granted))
        #expect(try #require(peer.wait) > 590)
    }

    @Test func whenAllRegistrarsFailTheWaitGrows() throws {
        let backup = Endpoint(address: IPAddress(v4: 0x7F00_0009), port: 5070)
        var peer = try RegistrarPeer(backups: [backup])
        var waits: [Double] = []
        for _ in 0..<6 {
            _ = peer.run()
            _ = peer.fail(.timeout)
            waits.append(try #require(peer.wait))
        }
        #expect([waits[0], waits[2], waits[4]] == [1, 1, 1])
        #expect((5...10).contains(waits[1]) && (10...20).contains(waits[3]))
        #expect((20...40).contains(waits[5]))
    }

    /// DNS moves the carrier: the binding stays in force, its next refresh goes to the new place.
    @Test func aRegistrarThatMovedIsAskedWhenTheBindingIsRefreshed() throws {
        let other = Endpoint(address: IPAddress(v4: 0x7F00_0009), port: 5070)
        var peer = try RegistrarPeer()
        _ = peer.run()
        _ = peer.reply(answer(200, "OK", granted))
        peer.machine.move(to: [other, primary])
        #expect(peer.machine.registrar == primary, "it still has the binding")
        peer.machine.move(to: [other])
        #expect(peer.machine.isInForce && peer.machine.registrar == other)
        _ = peer.run()
        #expect(peer.request?.registrar == other)
    }

    /// A wrong password is wrong everywhere: two registrars would ban us instead of one.
    @Test func aRefusalStaysWithItsRegistrar() throws {
        let backup = Endpoint(address: IPAddress(v4: 0x7F00_0009), port: 5070)
        var peer = try RegistrarPeer(backups: [backup])
        _ = peer.run()
        _ = peer.reply(answer(403))
        #expect((30...60).contains(try #require(peer.wait)))
        _ = peer.run()
        #expect(peer.request?.registrar == primary)
    }

    @Test mutating func eachRefreshIsAFact() {
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
        #expect(peer.machine.isInForce)
        #expect(peer.run().isEmpty && peer.request?.cseq == 2)
        #expect(peer.machine.isInForce)
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
    }

    @Test mutating func provisionalAndLateAnswersChangeNothing() {
        #expect(peer.reply(answer(100)).isEmpty)
        _ = peer.reply(answer(401, "Unauthorized", challenge))
        #expect(peer.reply(answer(200, "OK", granted), to: 1).isEmpty)
        #expect(!peer.machine.isInForce)
    }

    @Test mutating func noAnswerIsTriedAgain() throws {
        #expect(peer.fail(.timeout) == failed(.timeout))
        let wait = try #require(peer.wait)
        #expect((5...10).contains(wait))
        #expect(peer.run().isEmpty && peer.request?.cseq == 2)
    }

    @Test mutating func aTransactionThatNeverReportsIsGivenUp() {
        #expect(peer.wait == 35)
        #expect(peer.run() == failed(.timeout))
    }

    @Test mutating func theBindingRunsOutWhenNoRefreshSucceeds() throws {
        _ = peer.reply(answer(200, "OK", granted))
        var events: [Event] = []
        while peer.machine.isInForce { events += peer.run() }
        #expect(events.last == expired.first)
        #expect(events.dropLast().allSatisfy { [$0] == failed(.timeout) })
        #expect(peer.now == instant(1_800_000))
        #expect(peer.machine.deadline != nil)
    }

    @Test mutating func aRefusedRefreshKeepsTheBinding() throws {
        _ = peer.reply(answer(200, "OK", granted))
        _ = peer.run()
        #expect(peer.reply(answer(503)) == failed(.rejected, 503))
        #expect(peer.machine.isInForce)
        _ = peer.run()
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
    }

    @Test mutating func anIntervalTooBriefIsRaisedOnce() {
        #expect(peer.reply(answer(423, "Interval Too Brief", "Min-Expires: 7200")).isEmpty)
        #expect(peer.request?.expiresSeconds == 7200 && peer.request?.cseq == 2)
        let again = peer.reply(answer(423, "Interval Too Brief", "Min-Expires: 9000"))
        #expect(again == failed(.rejected, 423, reason: "Interval Too Brief"))
        _ = peer.run()
        #expect(peer.request?.expiresSeconds == 7200)
    }

    @Test mutating func anIntervalTooBriefWithoutMeasureIsARefusal() {
        #expect(peer.reply(answer(423)) == failed(.rejected, 423))
    }

    @Test mutating func a200WithoutBindingIsARefusal() {
        let gone = "Contact: <sip:2125550100@127.0.0.1:5062>;expires=0"
        #expect(peer.reply(answer(200, "OK", gone)) == failed(.rejected, 200, reason: "OK"))
        #expect(!peer.machine.isInForce)
    }

    // futel/asteriskserver#514: no attempt after the last of so many. freeswitch PR#1407: the wait
    // grew without bounds.
    @Test mutating func refusalsWaitLongerEachTimeAndNeverForEver() throws {
        var waits: [Double] = []
        for _ in 0..<12 {
            #expect(peer.reply(answer(403, "Forbidden")) == failed(
                .rejected, 403, reason: "Forbidden"))
            waits.append(try #require(peer.wait))
            _ = peer.run()
        }
        #expect((30...60).contains(waits[0]) && (60...120).contains(waits[1]))
        #expect(waits.dropFirst(4).allSatisfy { (150...300).contains($0) })
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
    }

    @Test mutating func retryAfterIsObeyedWithinReason() throws {
        _ = peer.reply(answer(503, "Busy", "Retry-After: 120"))
        #expect(peer.wait == 120)
        _ = peer.run()
        _ = peer.reply(answer(503, "Busy", "Retry-After: 999999"))
        #expect(peer.wait == 600)
    }
}

/// Challenges.
extension RegistrationTests {
    @Test mutating func aChallengeIsAnsweredAtOnce() throws {
        #expect(peer.reply(answer(401, "Unauthorized", challenge)).isEmpty)
        let request = try #require(peer.request)
        #expect(request.cseq == 2 && request.credentials.map(\.header) == [.authorization])
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
    }

    @Test mutating func aRefreshCarriesCredentialsUnasked() throws {
        _ = peer.reply(answer(401, "Unauthorized", challenge))
        _ = peer.reply(answer(200, "OK", granted))
        _ = peer.run()
        let value = String(decoding: try #require(peer.request).credentials[0].value, as: UTF8.self)
        #expect(value.contains("nc=00000002"))
    }

    // opensips PR#3270: a registrar was hammered with wrong credentials.
    @Test mutating func aSecondChallengeMeansWrongCredentials() throws {
        _ = peer.reply(answer(401, "Unauthorized", challenge))
        let events = peer.reply(answer(401, "Unauthorized", challenge))
        #expect(events == failed(.credentials, 401, reason: "Unauthorized"))
        #expect((30...60).contains(try #require(peer.wait)))
        #expect(peer.run().isEmpty && peer.request?.credentials == [])
    }

    @Test mutating func aStaleNonceIsAnsweredWithTheNewOne() {
        _ = peer.reply(answer(401, "Unauthorized", challenge))
        #expect(peer.reply(answer(401, "Unauthorized", stale)).isEmpty)
        #expect(peer.request?.cseq == 3)
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
    }

    @Test mutating func aRegistrarThatIsNeverContentIsLeftAlone() {
        _ = peer.reply(answer(401, "Unauthorized", challenge))
        var rounds = 0
        while peer.reply(answer(401, "Unauthorized", stale)).isEmpty { rounds += 1 }
        #expect(rounds == DigestSession.answersMax - 1)
    }

    @Test mutating func aProxyAndTheRegistrarMayBothAsk() throws {
        let proxy = #"Proxy-Authenticate: Digest realm="p", nonce="n9", algorithm=SHA-256, "#
            + #"qop="auth""#
        _ = peer.reply(answer(407, "Proxy", proxy))
        _ = peer.reply(answer(401, "Unauthorized", challenge))
        let headers = try #require(peer.request).credentials.map(\.header)
        #expect(headers == [.proxyAuthorization, .authorization])
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
    }

    /// As with the INVITE of RFC 3665 section 3.3.
    @Test mutating func twoProxiesAndTheRegistrarMayAskInTurn() throws {
        for realm in ["p1", "p2"] {
            let proxy = "Proxy-Authenticate: Digest realm=\"\(realm)\", nonce=\"n\", qop=\"auth\""
            #expect(peer.reply(answer(407, "Proxy", proxy)).isEmpty)
        }
        #expect(peer.reply(answer(401, "Unauthorized", challenge)).isEmpty)
        let request = try #require(peer.request)
        #expect(request.cseq == 4)
        #expect(
            request.credentials.map { text(AuthParameters($0.value[...])?.value("realm")) }
                == ["p1", "p2", "c"])
        #expect(peer.reply(answer(200, "OK", granted)) == succeeded())
        _ = peer.run()
        #expect(peer.request?.credentials.count == 3)
    }

    @Test mutating func aChallengeThatNobodyCanAnswerIsARefusal() {
        let odd = #"WWW-Authenticate: Digest realm="c", nonce="n", algorithm=AKAv1-MD5"#
        let events = peer.reply(answer(401, "Unauthorized", odd))
        #expect(events == failed(.rejected, 401, reason: "Unauthorized"))
    }

    /// The bytes that leave, checked by the server's side of the digest.
    @Test(arguments: [DigestAlgorithm.md5, .sha256])
    func aVerifierAcceptsWhatIsSent(_ algorithm: DigestAlgorithm) throws {
        for (password, expected) in [("secret", DigestVerdict.accepted), ("wrong", .refused)] {
            var peer = try RegistrarPeer(credentials: Octets(password))
            _ = peer.run()
            var verifier = DigestVerifier(
                realm: Array("c".utf8), algorithms: [algorithm],
                key: [UInt8](repeating: 7, count: 32))
            let asked = verifier.challenges(salt: [UInt8](repeating: 1, count: 8), now: 0)
            let header = "WWW-Authenticate: " + String(decoding: asked[0], as: UTF8.self)
            _ = peer.reply(answer(401, "Unauthorized", header))
            let via = ViaHead(sentBy: Bytes("127.0.0.1:5062"), branch: Bytes("z9hG4bK1"))
            let sent = try SIPMessage(parsing: try #require(peer.request).message(via: via))
            let known = DigestCredentials(
                username: Array("2125550100".utf8), password: Array("secret".utf8))
            let verdict = verifier.verify(
                sent, header: .authorization, credentials: known, now: 1)
            #expect(verdict == expected)
        }
    }
}

/// Going away.
extension RegistrationTests {
    @Test mutating func aBindingIsTakenBack() {
        _ = peer.reply(answer(200, "OK", granted))
        #expect(peer.unregister().isEmpty && !peer.machine.isInForce)
        #expect(peer.request?.expiresSeconds == 0)
        #expect(peer.reply(answer(200, "OK")) == removed)
        #expect(peer.machine.isRemoved && peer.machine.deadline == nil)
    }

    // sofia-sip#319: a challenge to the removal was the end of it.
    @Test mutating func aChallengedRemovalIsAnswered() {
        _ = peer.reply(answer(200, "OK", granted))
        _ = peer.unregister()
        #expect(peer.reply(answer(401, "Unauthorized", challenge)).isEmpty)
        #expect(peer.request?.expiresSeconds == 0 && peer.request?.credentials.count == 1)
        #expect(peer.reply(answer(200, "OK")) == removed)
    }

    @Test mutating func theWaitForARemovalIsBounded() {
        _ = peer.reply(answer(200, "OK", granted))
        _ = peer.unregister()
        #expect(peer.wait == 2)
        #expect(peer.run() == failed(.timeout))
        #expect(peer.machine.isRemoved)
    }

    @Test mutating func anOpenRegisterIsAnsweredFirst() {
        #expect(peer.unregister().isEmpty && peer.request?.cseq == 1)
        #expect(peer.reply(answer(200, "OK", granted)).isEmpty)
        #expect(peer.request?.expiresSeconds == 0 && peer.request?.cseq == 2)
        #expect(peer.reply(answer(200, "OK")) == removed)
    }

    @Test mutating func withoutABindingThereIsNothingToTakeBack() {
        _ = peer.fail(.transport)
        #expect(peer.unregister().isEmpty && peer.machine.isRemoved)
    }

    @Test mutating func aChallengeWhileGoingAwayEndsWhatWasNeverBound() {
        _ = peer.unregister()
        #expect(peer.reply(answer(401, "Unauthorized", challenge)).isEmpty)
        #expect(peer.machine.isRemoved)
    }
}

/// Whatever the registrar does: CSeq rises, one REGISTER is out at a time, a timer always runs,
/// nothing is sent in a hurry, and the facts tell whether the binding is in force.
struct RegistrationPropertyTests {
    private static let answers = [
        answer(100), answer(200, "OK", granted), answer(200, "OK", "Expires: 1"),
        answer(200, "OK", "Contact: <sip:2125550100@127.0.0.1:5062>;expires=0"),
        answer(401, "U", challenge), answer(401, "U", stale), answer(401), answer(403),
        answer(407, "P", #"Proxy-Authenticate: Digest realm="p", nonce="x""#),
        answer(423, "B", "Min-Expires: 4000"), answer(423), answer(500),
        answer(503, "S", "Retry-After: 30"), answer(302), answer(600),
        answer(200, "OK", "Contact: <sip:x@h>;expires=4294967295"),
    ]

    // kamailio#124, #149, #255: a registration stayed on its way for ever, since a flag was not
    // cleared.
    @Test func neverWithoutATimer() throws {
        let seed = Seed(for: "Registration")
        var random = seed.generator()
        for round in 0..<60 {
            var peer = try RegistrarPeer(seed: seed.value &+ UInt64(round))
            var facts = Bindings()
            for _ in 0..<120 {
                let before = peer.request
                let events = Self.step(&peer, &random)
                facts.note(events)
                #expect(facts.isInForce == peer.machine.isInForce)
                if let request = peer.request, request != before {
                    #expect(request.cseq == (before?.cseq ?? 0) + 1)
                }
                facts.note(peer.pass(.zero))
                #expect(try #require(peer.machine.deadline) > peer.now)
            }
            _ = peer.unregister()
            for _ in 0..<3 where !peer.machine.isRemoved { _ = peer.run() }
            #expect(peer.machine.isRemoved)
        }
    }

    private static func step(
        _ peer: inout RegistrarPeer, _ random: inout SeededGenerator
    ) -> [Event] {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1, 2: return peer.run()
        case 3: return peer.pass(.milliseconds(Int64.random(in: 0..<40_000, using: &random)))
        case 4: return peer.fail(.transport)
        default: return peer.reply(answers.randomElement(using: &random) ?? answer(200))
        }
    }
}

/// What the log says of a binding.
private struct Bindings {
    var isInForce = false

    mutating func note(_ events: [Event]) {
        for event in events {
            switch event {
            case .registrationSucceeded: isInForce = true
            case .registrationExpired, .registrationRemoved: isInForce = false
            case .registrationFailed: continue
            default: Issue.record("a registration does not speak of \(event)")
            }
        }
    }
}
