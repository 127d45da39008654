import Testing
import TrunkEvents

@testable import SIPAgent

/// The server side of the layer: matching by section 17.2.3, repeats, ACK and CANCEL.
@Suite struct ServerTransactionsTests {
    private static let invite = Wire.request("INVITE", branch: "z9hG4bKs1")

    @Test func aCopyIsAnsweredWithTheLastResponse() throws {
        var peer = LayerUnderTest()
        let id = try #require(peer.receive(Self.invite).server)
        #expect(peer.receive(Self.invite) == .absorbed)
        #expect(peer.taken().isEmpty)
        peer.respond(id, 180, to: Self.invite)
        let ringing = peer.taken()
        #expect(peer.receive(Self.invite) == .absorbed)
        #expect(peer.taken().map(\.bytes) == ringing.map(\.bytes))
    }

    @Test func refusalIsRepeatedUntilItsACK() throws {
        var peer = LayerUnderTest()
        let id = try #require(peer.receive(Self.invite).server)
        peer.respond(id, 486, to: Self.invite)
        _ = peer.advance(to: 510)
        _ = peer.advance(to: 1_520)
        #expect(peer.taken().count == 3)
        #expect(peer.receive(Wire.request("ACK", branch: "z9hG4bKs1")) == .absorbed)
        #expect(peer.receive(Wire.request("ACK", branch: "z9hG4bKs1")) == .absorbed)
        #expect(peer.advance(to: 6_000).isEmpty)
        #expect(peer.taken().isEmpty)
        _ = peer.advance(to: 6_530)
        #expect(peer.layer.count == 0)
    }

    @Test func aMissingACKIsReported() throws {
        var peer = LayerUnderTest()
        let id = try #require(peer.receive(Self.invite).server)
        peer.respond(id, 486, to: Self.invite)
        #expect(peer.advance(to: 31_990).isEmpty)
        #expect(peer.advance(to: 32_010) == [.noAck(id)])
    }

    @Test func acceptedAbsorbsINVITEsAndPassesACKs() throws {
        var peer = LayerUnderTest()
        let id = try #require(peer.receive(Self.invite).server)
        peer.respond(id, 200, to: Self.invite)
        peer.respond(id, 200, to: Self.invite)
        #expect(peer.taken().count == 2)
        #expect(peer.receive(Self.invite) == .absorbed)
        #expect(peer.taken().isEmpty)
        #expect(peer.receive(Wire.request("ACK", branch: "z9hG4bKs1")) == .ack)
        #expect(peer.receive(Wire.request("ACK", branch: "z9hG4bKother")) == .ack)
        #expect(peer.advance(to: 32_010).isEmpty)
        #expect(peer.layer.count == 0)
        peer.respond(id, 200, to: Self.invite)
        #expect(peer.taken().isEmpty)
    }

    @Test func cancelNamesItsINVITE() throws {
        var peer = LayerUnderTest()
        let invite = try #require(peer.receive(Self.invite).server)
        let cancel = Wire.request("CANCEL", branch: "z9hG4bKs1")
        let event = peer.receive(cancel)
        let id = try #require(event.server)
        #expect(event == .cancel(id, of: invite))
        peer.respond(id, 200, to: cancel)
        #expect(peer.receive(cancel) == .absorbed)
        #expect(peer.taken().count == 2)
    }

    @Test func cancelOfNothingIsReportedWithoutINVITE() throws {
        var peer = LayerUnderTest()
        let event = peer.receive(Wire.request("CANCEL", branch: "z9hG4bKs1"))
        #expect(event == .cancel(try #require(event.server), of: nil))
    }

    @Test func sentByTellsEqualBranchesApart() throws {
        var peer = LayerUnderTest()
        let first = peer.receive(Self.invite)
        let second = peer.receive(
            Wire.request("INVITE", branch: "z9hG4bKs1", sentBy: "192.0.2.9:5060"))
        #expect(first.server != nil && second.server != nil)
        #expect(first != second)
    }

    @Test func requestOfAnotherMethodIsItsOwnTransaction() {
        var peer = LayerUnderTest()
        #expect(peer.receive(Self.invite).server != nil)
        #expect(peer.receive(Wire.request("BYE", branch: "z9hG4bKs1")).server != nil)
    }

    @Test func responseGoesBackToTheSource() throws {
        var peer = LayerUnderTest()
        let id = try #require(peer.receive(Self.invite).server)
        peer.respond(id, 100, to: Self.invite)
        #expect(peer.taken().map(\.remote) == [LayerUnderTest.remote])
    }

    // MARK: RFC 2543 clients

    @Test func aBranchWithoutCookieMatchesByTheOldRule() throws {
        let invite = Wire.request("INVITE", branch: "1")
        var peer = LayerUnderTest()
        let id = try #require(peer.receive(invite).server)
        #expect(peer.receive(invite) == .absorbed)
        let sameBranch = Wire.request("INVITE", branch: "1", callID: "another")
        #expect(peer.receive(sameBranch).server != nil)
        let cancel = peer.receive(Wire.request("CANCEL", branch: "1"))
        #expect(cancel == .cancel(try #require(cancel.server), of: id))
    }

    @Test func anOldACKMatchesByTheTagOfTheResponse() throws {
        let invite = Wire.request("INVITE", branch: "1")
        var peer = LayerUnderTest()
        let id = try #require(peer.receive(invite).server)
        peer.respond(id, 486, to: invite, tag: "ours")
        #expect(peer.receive(Wire.request("ACK", branch: "1", toTag: "theirs")) == .ack)
        #expect(peer.receive(Wire.request("ACK", branch: "1", toTag: "ours")) == .absorbed)
        _ = peer.taken()
        _ = peer.advance(to: 1_000)
        #expect(peer.taken().isEmpty)
    }
}
