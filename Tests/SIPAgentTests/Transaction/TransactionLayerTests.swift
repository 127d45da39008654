import Testing
import TrunkEvents

@testable import SIPAgent

/// The machines wired to matching, messages and time. Instants are milliseconds.
@Suite struct TransactionLayerTests {
    private static let invite = Wire.request("INVITE", branch: "z9hG4bKa1")

    // MARK: Client side

    @Test func inviteIsSentAgainUntilTimerB() throws {
        var peer = LayerUnderTest()
        let id = peer.send(Self.invite, .invite, "z9hG4bKa1")
        #expect(peer.sentMethods() == ["INVITE"])
        var sent = 0
        for milliseconds in stride(from: UInt64(10), through: 31_990, by: 10) {
            #expect(peer.advance(to: milliseconds).isEmpty)
            sent += peer.taken().count
        }
        #expect(sent == 6)
        #expect(peer.advance(to: 32_010) == [.clientTimedOut(id)])
        #expect(peer.layer.count == 0)
        #expect(peer.layer.nextDeadline == nil)
    }

    @Test func retransmissionsAreOpen() {
        var peer = LayerUnderTest()
        _ = peer.send(Self.invite, .invite, "z9hG4bKa1", gate: .durable)
        #expect(peer.taken().map(\.gate) == [.durable])
        _ = peer.advance(to: 600)
        #expect(peer.taken().map(\.gate) == [.open])
    }

    @Test func refusalIsAcknowledgedWithTheINVITEsBranch() throws {
        var peer = LayerUnderTest()
        let id = peer.send(Self.invite, .invite, "z9hG4bKa1", gate: .durable)
        _ = peer.taken()
        let busy = Wire.response(486, to: Self.invite, tag: "b")
        #expect(peer.receive(busy) == .response(id, 486))
        let ack = try #require(peer.taken().first)
        let message = try SIPMessage(parsing: ack.bytes)
        #expect(message.method == .ack)
        #expect(message.topVia.branch.map(Array.init) == Array("z9hG4bKa1".utf8))
        #expect(message.to.tag.map(Array.init) == Array("b".utf8))
        #expect(ack.gate == .open)
        #expect(peer.receive(busy) == .absorbed)
        #expect(peer.taken() == [ack])
        _ = peer.advance(to: 32_010)
        #expect(peer.layer.count == 0)
    }

    @Test func every2xxIsReportedUntilTimerM() {
        var peer = LayerUnderTest()
        let id = peer.send(Self.invite, .invite, "z9hG4bKa1")
        _ = peer.taken()
        for _ in 0..<3 {
            #expect(peer.receive(Wire.response(200, to: Self.invite)) == .response(id, 200))
        }
        #expect(peer.taken().isEmpty)
        #expect(peer.advance(to: 31_990).isEmpty)
        #expect(peer.advance(to: 32_010) == [.inviteEnded(id)])
        #expect(peer.receive(Wire.response(200, to: Self.invite)) == .stray(200))
    }

    @Test func byeCompletesAndLingersForTimerK() {
        let bye = Wire.request("BYE", branch: "z9hG4bKb1")
        var peer = LayerUnderTest()
        let id = peer.send(bye, .bye, "z9hG4bKb1")
        #expect(peer.receive(Wire.response(200, to: bye)) == .response(id, 200))
        #expect(peer.receive(Wire.response(200, to: bye)) == .absorbed)
        #expect(peer.advance(to: 5_010).isEmpty)
        #expect(peer.layer.count == 0)
    }

    @Test func byeTimesOutAfterElevenSends() {
        var peer = LayerUnderTest()
        let id = peer.send(Wire.request("BYE", branch: "z9hG4bKb1"), .bye, "z9hG4bKb1")
        var timeouts: [TransactionTimeout] = []
        for milliseconds in stride(from: UInt64(10), through: 32_010, by: 10) {
            timeouts += peer.advance(to: milliseconds)
        }
        #expect(timeouts == [.clientTimedOut(id)])
        #expect(peer.taken().count == 11)
    }

    @Test func methodOfCSeqMustMatch() {
        var peer = LayerUnderTest()
        _ = peer.send(Self.invite, .invite, "z9hG4bKa1")
        let other = Wire.request("OPTIONS", branch: "z9hG4bKa1")
        #expect(peer.receive(Wire.response(200, to: other)) == .stray(200))
    }

    // MARK: CANCEL

    @Test func cancelIsHeldUntilAProvisional() throws {
        var peer = LayerUnderTest()
        let id = peer.send(Self.invite, .invite, "z9hG4bKa1")
        _ = peer.taken()
        peer.cancel(id, headers: "Reason: SIP;cause=487\r\n")
        #expect(peer.taken().isEmpty)
        #expect(peer.receive(Wire.response(180, to: Self.invite)) == .response(id, 180))
        let cancel = try SIPMessage(parsing: try #require(peer.taken().first).bytes)
        #expect(cancel.method == .cancel)
        #expect(cancel.first(.reason) != nil)
        #expect(cancel.topVia.branch.map(Array.init) == Array("z9hG4bKa1".utf8))
    }

    @Test func cancelsOwnAnswerIsNotReported() throws {
        var peer = LayerUnderTest()
        let id = peer.send(Self.invite, .invite, "z9hG4bKa1")
        _ = peer.receive(Wire.response(180, to: Self.invite))
        _ = peer.taken()
        peer.cancel(id)
        peer.cancel(id)
        let cancel = peer.taken()
        #expect(cancel.map(\.gate) == [.end])
        #expect(peer.receive(Wire.response(200, to: cancel[0].bytes)) == .absorbed)
        #expect(peer.receive(Wire.response(487, to: Self.invite, tag: "x")) == .response(id, 487))
        #expect(peer.sentMethods() == ["ACK"])
    }

    @Test func aCancelledINVITEWithoutFinalResponseTimesOut() {
        var peer = LayerUnderTest()
        let id = peer.send(Self.invite, .invite, "z9hG4bKa1")
        _ = peer.receive(Wire.response(180, to: Self.invite))
        _ = peer.advance(to: 60_000)
        peer.cancel(id)
        #expect(peer.advance(to: 91_990).isEmpty)
        #expect(peer.advance(to: 92_010) == [.clientTimedOut(id)])
        #expect(peer.layer.count == 0)
    }

    @Test func cancelAfterTheFinalResponseSendsNothing() {
        var peer = LayerUnderTest()
        let id = peer.send(Self.invite, .invite, "z9hG4bKa1")
        _ = peer.receive(Wire.response(200, to: Self.invite))
        _ = peer.taken()
        peer.cancel(id)
        #expect(peer.taken().isEmpty)
    }
}

/// Over a stream (RFC 3261 Table 4): nothing is sent twice, and nothing lingers for copies.
@Suite struct StreamTransactionTests {
    private static let invite = Wire.request("INVITE", branch: "z9hG4bKa1")
    private static let options = Wire.request("OPTIONS", branch: "z9hG4bKo1")

    @Test func requestsAreSentOnce() {
        var peer = LayerUnderTest(.tcp)
        let call = peer.send(Self.invite, .invite, "z9hG4bKa1")
        let ping = peer.send(Self.options, .options, "z9hG4bKo1")
        #expect(peer.sentMethods() == ["INVITE", "OPTIONS"])
        #expect(peer.advance(to: 31_990).isEmpty)
        #expect(peer.taken().isEmpty)
        #expect(Set(peer.advance(to: 32_010)) == [.clientTimedOut(call), .clientTimedOut(ping)])
        #expect(peer.layer.count == 0)
    }

    @Test func whatIsAnsweredIsOverAtOnce() {
        var peer = LayerUnderTest(.tcp)
        _ = peer.send(Self.invite, .invite, "z9hG4bKa1")
        _ = peer.send(Self.options, .options, "z9hG4bKo1")
        _ = peer.receive(Wire.response(486, to: Self.invite))
        _ = peer.receive(Wire.response(200, to: Self.options))
        #expect(peer.sentMethods() == ["INVITE", "OPTIONS", "ACK"])
        _ = peer.advance(to: 10)
        #expect(peer.layer.count == 0)
    }

    @Test func refusalsAreSentOnceAndEndWithTheirAck() throws {
        var peer = LayerUnderTest(.tcp)
        let event = peer.receive(Self.invite)
        let id = try #require(event.server)
        peer.respond(id, 486, to: Self.invite)
        _ = peer.advance(to: 5_000)
        #expect(peer.taken().map(\.remote) == [peer.remote])
        let ack = Wire.request("ACK", branch: "z9hG4bKa1", toTag: "b")
        #expect(peer.receive(ack) == .absorbed)
        _ = peer.advance(to: 5_010)
        #expect(peer.layer.count == 0)
    }

    @Test func whatCannotBeDeliveredHasFailedUnlessThePeerWasHeard() {
        var peer = LayerUnderTest(.tcp)
        let lost = peer.send(Self.options, .options, "z9hG4bKo1")
        #expect(peer.undelivered(Self.options) == .clientUnreachable(lost))
        #expect(peer.layer.count == 0)
        _ = peer.send(Self.invite, .invite, "z9hG4bKa1")
        _ = peer.receive(Wire.response(180, to: Self.invite))
        #expect(peer.undelivered(Self.invite) == nil)
        #expect(peer.layer.count == 1)
    }
}
