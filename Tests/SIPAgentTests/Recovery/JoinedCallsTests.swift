import Testing
import TrunkEvents

@testable import SIPAgent

/// Two calls that a transfer made one, and one that it did not yet, over a crash.
@Suite struct JoinedCallsTests {
    private func crash(_ scene: TransferScene) {
        scene.bed.crash(TransferScene.configuration, downtime: .seconds(1))
    }

    @Test(arguments: [true, false]) func theyGoOn(isHungUpByCallee: Bool) throws {
        let scene = try TransferScene()
        let invite = try scene.transfer()
        scene.bed.run(for: .seconds(95))
        crash(scene)
        #expect(scene.bed.inUse == 2 && scene.ends == [])
        #expect(scene.bed.events(.callContinued).count == 2)
        // It may not have got our BYE.
        let bye = try scene.expect(AgentBed.dialer, "BYE")
        scene.bed.receive(Cast.dialer.response(481, to: bye), from: AgentBed.dialer)
        scene.bed.run(for: .milliseconds(4_501))
        let (first, second) =
            isHungUpByCallee ? (invite, scene.call.invite) : (scene.call.invite, invite)
        scene.bed.discardMail()
        try scene.hangUp(first, andExpectByeOf: second)
        #expect(
            scene.ends
                == (isHungUpByCallee
                    ? ["local bye", "remote bye"] : ["remote bye", "local bye"]))
        #expect(scene.bed.events(.callRecovered).isEmpty)
        scene.bed.expectQuiet()
    }

    @Test func whoIsAskedAndHasNothingEndsBoth() throws {
        let scene = try TransferScene()
        _ = try scene.transfer()
        crash(scene)
        scene.bed.discardMail()
        scene.bed.runUntilMail(AgentBed.alpha)
        scene.bed.run(for: .seconds(6))
        let probes = try (0..<2).map { _ in try scene.expect(AgentBed.alpha, "OPTIONS") }
        scene.bed.discardMail()
        scene.answer(200, to: probes[0])
        scene.answer(481, to: probes[1])
        for _ in 0..<2 { scene.answer(200, to: try scene.expect(AgentBed.alpha, "BYE")) }
        #expect(scene.ends == ["agent recovery", "agent recovery"])
        #expect(scene.bed.events(.callRecovered).count == 2)
        scene.bed.expectQuiet()
    }

    @Test func anInboundCallGoesOnWithItsNewCallee() throws {
        let scene = try TransferScene(isInbound: true)
        _ = try scene.transfer()
        scene.bed.run(for: .seconds(95))
        crash(scene)
        #expect(scene.bed.inUse == 2)
        scene.bed.run(for: .milliseconds(4_501))
        scene.bed.discardMail()
        try scene.hangUpByCaller()
        #expect(scene.ends == ["remote bye", "local bye"])
        scene.bed.expectQuiet()
    }

    @Test func joinedByAnAttendedTransferTheyGoOn() throws {
        let scene = try TransferScene()
        let (other, target) = try scene.consult()
        scene.sendRefer(to: target)
        try scene.connect(try scene.expect(AgentBed.alpha, "INVITE"))
        scene.bed.discardMail()
        scene.bed.run(for: .seconds(95))
        crash(scene)
        scene.bed.run(for: .milliseconds(4_501))
        scene.bed.discardMail()
        try scene.hangUp(scene.call.invite, andExpectByeOf: other.invite)
        #expect(scene.ends == ["remote bye", "local bye"])
        scene.bed.expectQuiet()
    }

    /// The callee's ACK may not have left.
    @Test func aCopyOfTheCalleesAnswerGetsTheSession() throws {
        let scene = try TransferScene()
        let invite = try scene.transfer()
        crash(scene)
        scene.bed.discardMail()
        scene.answer(200, to: invite, body: TransferScene.callee)
        let ack = try scene.expect(AgentBed.alpha, "ACK")
        #expect(ack.body.elementsEqual(TransferScene.stays.bytes))
        scene.bed.expectQuiet()
    }

    @Test(arguments: [false, true])
    func aTransferThatWasUnderWayIsGivenUp(isAnswered: Bool) throws {
        let scene = try TransferScene()
        let invite = try scene.refer()
        scene.answer(isAnswered ? 200 : 180, to: invite, body: TransferScene.callee)
        crash(scene)
        scene.bed.run(for: .seconds(6))
        if isAnswered {
            scene.bed.discardMail()
        } else {
            scene.answer(200, to: try scene.expect(AgentBed.alpha, "CANCEL"))
            scene.answer(487, to: invite)
        }
        #expect(scene.bed.events(.callContinued).count == 1)
        scene.bed.expectQuiet()
    }
}
