import Foundation
import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

/// The checker reads the facts' bytes by a table of its own.
@Suite(.timeLimit(.minutes(1))) struct OfflineCheckerTests {
    @Test func everyKindOfACallIsInItsTable() {
        let kinds = FactKind.allCases.filter { (48..<96).contains($0.rawValue) }
        #expect(kinds.count >= 18)
        for kind in kinds + Array(CallSurroundings.kinds) {
            #expect(OfflineChecker.program.contains("\n\(kind.rawValue) \(kind) "), "\(kind)")
        }
    }

    /// One call with a fact of every kind: `facts.ndjson` is ours, the table reads the bytes.
    @Test func everyKindOfFactIsReadAlike() async throws {
        try await withProcesses { scope in
            let path = "\(scope.directory)/ledger"
            let writer = try LedgerWriter.open(path, options: testOptions)
            defer { writer.close() }
            try await append(Self.log().entries, to: writer)
            _ = try writer.checkpoint(with: writer.signingKey())
            var projections = try LedgerProjections(
                ledger: path, reader: writer.reader, mode: .reader)
            try projections.catchUp()
            let call = try facts(of: CallScript().call, in: writer.reader)
            let told = try EvidenceCase(call, in: writer.reader, projections, now: after(0))
            #expect(Set(told.facts.map(\.event.kind)).count == 33)
            let archive = "\(scope.directory)/evidence.tar"
            try EvidencePack(told, version: "1.0").write(to: archive)
            try scope.write(OfflineChecker.program, to: "check.py")
            let outcome = try await scope.run("/usr/bin/env", ["python3", "check.py", archive])
            #expect(outcome.succeeded, "\(outcome.output)\(outcome.errorOutput)")
            let row = try #require(told.records.first)
            for (talk, status) in [(row.talkMilliseconds, 0), (row.talkMilliseconds + 1, 1)] {
                try EvidencePack(told, claim: Self.claim(row, talk), version: "1.0")
                    .write(to: archive)
                let claimed = try await scope.run("/usr/bin/env", ["python3", "check.py", archive])
                #expect(claimed.status == .exited(Int32(status)), "\(claimed.output)")
                #expect(claimed.output.contains(status == 0 ? "at stake 0.0125" : "claim.json"))
            }
        }
    }

    private static func claim(_ row: CDRRow, _ talk: Int64) -> EvidenceClaim {
        EvidenceClaim(
            invoice: "nov <1>.csv", sha256: Digest(of: []), line: 7,
            text: "13055550101,\"66\",0.0250",
            kind: "duration", record: CDRID(node: row.node, position: row.seizedPosition),
            talkMilliseconds: talk, billedSeconds: 66, expectedSeconds: 60,
            amount: Money(units: 2_500_000), expectedAmount: nil,
            stake: Money(units: 1_250_000))
    }

    private static func log() -> LogBuilder {
        let script = CallScript()
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration, maintenance: ["sun 02:00-04:00", "mon"])
        log.add(1, registered)
        log.add(2, reachable)
        let around = [
            registered, .registrationExpired(RegistrationExpired(trunk: alpha1)),
            .registrationFailed(
                RegistrationFailed(trunk: alpha1, cause: .timeout, reason: "Türe \u{1F512}")),
            .registrationRemoved(RegistrationRemoved(trunk: alpha1)),
            .trunkUnreachable(
                TrunkUnreachable(trunk: alpha1, cause: .refused, code: .code(503))),
            .trunkResting(TrunkResting(trunk: alpha1, seconds: 20)),
            .trunkResting(TrunkResting(trunk: alpha1, host: sixth, seconds: 600)),
            .trunkRemoved(TrunkRemoved(trunk: alpha1)),
            .clockStepped(ClockStepped(step: .milliseconds(-1_500))),
            .agentStopped(AgentStopped(reason: .terminated, openCalls: 1)),
            .agentStarted(
                AgentStarted(node: ShortName("pbx1")!, version: "1.0", machineBoot: "m-1")),
        ]
        for (offset, event) in (beginning(script) + around + ending(script)).enumerated() {
            log.add(Int64(100 + 10 * offset), event)
        }
        log.add(9_000, registered)
        return log
    }

    private static func beginning(_ script: CallScript) -> [Event] {
        let beta = CallScript(trunk: beta1)
        return [
            script.started,
            .routeChosen(RouteChosen(call: script.call, prefix: "+1", trunks: [beta1, alpha1])),
            beta.refused(.cps), script.seized(), script.sent, script.progressed(183),
            script.answered, script.callAnswered,
            .modificationSent(
                ModificationSent(
                    call: script.call, initiator: .called, source: sixth,
                    request: Octets([0xFF, 0xFE, 0x41]), invite: "INVITE")),
            .modificationFailed(
                ModificationFailed(call: script.call, initiator: .called, code: .code(488))),
            .callModified(
                CallModified(
                    call: script.call, initiator: .caller, code: .code(200), sequence: 7,
                    callerTarget: "sip:a@h", calledTarget: "sip:b@h", response: twoHundred)),
            .sequencesReserved(
                SequencesReserved(call: script.call, leg: .called, sequence: 20_001)),
            .sessionTimerChanged(
                SessionTimerChanged(
                    call: script.call, leg: .called, interval: 600, isRefreshedByUs: true,
                    minimum: 90, takesUpdate: true)),
            .sessionTimerChanged(
                SessionTimerChanged(call: script.call, leg: .caller, interval: nil)),
            .callInterim(CallInterim(call: script.call)),
            .transferBegun(
                TransferBegun(call: script.call, from: script.call, leaving: .caller)),
            .callTransferred(
                CallTransferred(
                    call: script.call, to: script.call, leaving: .caller, response: twoHundred)),
        ]
    }

    private static func ending(_ script: CallScript) -> [Event] {
        [
            script.continued(since: after(150)),
            script.ended(.remote, .bye, q850: .normalClearing),
            script.recovered(from: after(120), to: after(130)),
            script.failed(.recovery, reason: "late"), script.released(),
        ]
    }

    private static let sixth = Endpoint(
        transport: .tls, address: IPAddress(high: 0x2001_0DB8_0000_0000, low: 0x1_0000_0001),
        port: 5061)

    private static let registered = Event.registrationSucceeded(
        RegistrationSucceeded(trunk: alpha1, registrar: sixth, expiresSeconds: 60))

    private static let reachable = Event.trunkReachable(
        TrunkReachable(trunk: alpha1, code: .code(200), roundTrip: .milliseconds(3)))
}
