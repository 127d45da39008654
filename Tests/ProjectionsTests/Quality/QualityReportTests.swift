import Ledger
import Testing
import TrunkEvents

@testable import Projections

/// Ten seconds of two trunks, small enough to work out by hand.
@Suite struct QualityReportTests {
    private static func log() -> LogBuilder {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, channels: 2)
        log.configure(beta1, of: beta, channels: 5)
        let one = CallScript(call: callID(1))
        let two = CallScript(call: callID(2))
        let three = CallScript(call: callID(3))
        let four = CallScript(call: callID(4))
        log.add(0, one.started)
        log.add(0, one.seized())
        log.add(0, one.sent)
        log.add(500, one.progressed(180))
        log.add(900, two.started)
        log.add(900, two.seized(inUse: 2))
        log.add(900, two.sent)
        log.add(950, three.started)
        log.add(950, three.refused(.cap))
        log.add(950, three.ended(.agent, .finalResponse, 503))
        log.add(1_000, one.answered)
        log.add(1_000, one.callAnswered)
        log.add(2_900, two.failed(.rejected, 486))
        log.add(2_900, two.released(inUse: 1))
        log.add(2_900, two.ended(.remote, .finalResponse, 486))
        log.add(5_000, one.ended(.local, .bye))
        log.add(5_040, one.released())
        log.add(6_000, four.started)
        log.add(6_000, four.seized())
        log.add(6_000, four.sent)
        log.add(7_000, four.failed(.rejected, 503))
        log.add(7_000, four.released())
        log.add(7_000, four.ended(.remote, .finalResponse, 503))
        return log
    }

    private func lines(_ dimensions: Set<QualityDimension>) throws -> [QualityLine] {
        let entries = Self.log().entries
        var report = QualityReport(
            by: dimensions, from: start, to: after(10_000), shortBelow: .seconds(6))
        for entry in entries { report.apply(entry) }
        for row in try fold(CallDetailRecords.self, entries).rows { report.add(row) }
        return report.lines()
    }

    @Test func indicatorsByHand() throws {
        let line = try #require(try lines([.trunk]).first { $0.group.trunk == alpha1 })
        let quality = line.quality
        #expect(quality.seizures == 3 && quality.answered == 1 && quality.bids == 4)
        #expect(quality.asr == Share(1, of: 3))
        #expect(quality.abr == Share(1, of: 4))
        #expect(quality.ner == Share(2, of: 3))  // the answer and the busy
        #expect(quality.ser == Share(1, of: 3))
        #expect(quality.seer == Share(2, of: 3))  // 200 and 486
        #expect(quality.isa == Share(1, of: 3))  // 503
        #expect(quality.scr == Share(1, of: 3))
        #expect(quality.acdMilliseconds == 4_000)
        #expect(quality.pddMilliseconds == 500)
        #expect(quality.sddMilliseconds == 40)
        #expect(quality.shortCalls == Share(1, of: 1))
        #expect(quality.callsPerSecondPeak == 2)
        #expect(quality.blocking == Share(1, of: 4))
        #expect(quality.ira.value == nil)
    }

    @Test func trafficByHand() throws {
        let line = try #require(try lines([.trunk]).first { $0.group.trunk == alpha1 })
        let traffic = try #require(line.traffic)
        // 5.04 s, 2 s and 1 s were held; both channels from 0.9 s to 2.9 s.
        #expect(traffic.held == .milliseconds(8_040))
        #expect(traffic.atCap == .seconds(2))
        #expect(traffic.span == .seconds(10))
        #expect(traffic.peak == 2 && traffic.cap == 2)
        #expect(abs((line.erlangs ?? 0) - 0.804) < 1e-9)
        let offered = 0.804 / 0.75
        let theory = offered * offered / 2 / (1 + offered + offered * offered / 2)
        #expect(abs((line.theoreticalBlocking ?? 0) - theory) < 1e-9)
    }

    @Test func nothingMeasuredIsNotZero() throws {
        let idle = try #require(try lines([.trunk]).first { $0.group.trunk == beta1 })
        #expect(idle.quality.asr.value == nil && idle.quality.acdMilliseconds == nil)
        #expect(idle.quality.blocking.value == nil && idle.erlangs == 0)
    }

    /// RFC 6076 section 4.2: a challenge is no failure, silence is one.
    @Test func registrationsByHand() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration)
        log.add(
            100,
            .registrationSucceeded(
                RegistrationSucceeded(trunk: alpha1, registrar: carrierEnd, expiresSeconds: 60)))
        let failures: [(RegistrationFailure, StatusCode?)] = [
            (.rejected, .code(403)), (.credentials, .code(401)), (.timeout, nil),
        ]
        for (index, (cause, code)) in failures.enumerated() {
            let fact = RegistrationFailed(trunk: alpha1, cause: cause, code: code, reason: "")
            log.add(Int64(200 + index), .registrationFailed(fact))
        }
        var report = QualityReport(
            by: [.trunk], from: start, to: after(10_000), shortBelow: .seconds(6))
        for entry in log.entries { report.apply(entry) }
        #expect(report.lines().first?.quality.ira == Share(2, of: 4))
    }

    @Test func callsCountUnderTheirRoutesPrefix() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, channels: 2)
        for (index, prefix) in (["+1", "+1", "+44"] as [Octets]).enumerated() {
            let script = CallScript(call: callID(UInt32(index + 1)))
            let at = Int64(1_000 * index)
            log.add(at, script.started)
            log.add(
                at,
                .routeChosen(RouteChosen(call: script.call, prefix: prefix, trunks: [alpha1])))
            log.add(at, script.seized())
            log.add(at, script.sent)
            log.add(at + 500, script.failed(.rejected, index == 0 ? 486 : 503))
            log.add(at + 500, script.released())
            log.add(at + 500, script.ended(.remote, .finalResponse, index == 0 ? 486 : 503))
        }
        var report = QualityReport(
            by: [.prefix], from: start, to: after(10_000), shortBelow: .seconds(6))
        for entry in log.entries { report.apply(entry) }
        for row in try fold(CallDetailRecords.self, log.entries).rows { report.add(row) }
        let lines = report.lines()
        #expect(lines.map(\.group.prefix) == ["+1", "+44"])
        #expect(lines.map(\.quality.ner) == [Share(1, of: 2), Share(0, of: 1)])
    }

    @Test func linesAreToldApart() throws {
        #expect(try lines([]).map(\.quality.seizures) == [3])
        #expect(try lines([.carrier]).map(\.group.carrier) == [alpha, beta])
        let hours = try lines([.hour])
        #expect(hours.map(\.group.hour) == [start])
        #expect(hours.first?.traffic?.held == .milliseconds(8_040))
    }
}
