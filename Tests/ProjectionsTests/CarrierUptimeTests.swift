import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct CarrierUptimeTests {
    private let trunk = UptimeSubject.trunk(alpha1, of: alpha)

    private func shown(_ spans: [UptimeSpan], _ subject: UptimeSubject) -> [String] {
        spans.filter { $0.subject == subject }.map {
            let from = start.duration(to: $0.from).milliseconds
            let to = start.duration(to: $0.to).milliseconds
            return "\($0.state) \(from)-\(to) \($0.cause)"
        }
    }

    private func registered(_ trunk: TrunkName) -> Event {
        .registrationSucceeded(
            RegistrationSucceeded(trunk: trunk, registrar: carrierEnd, expiresSeconds: 60))
    }

    @Test func threeStatesOfARegisteringTrunk() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration)
        log.add(1_000, registered(alpha1))
        log.add(5_000, .trunkUnreachable(TrunkUnreachable(trunk: alpha1, cause: .timeout)))
        log.add(
            6_000,
            .trunkReachable(
                TrunkReachable(trunk: alpha1, code: .code(200), roundTrip: .milliseconds(1))))
        log.add(8_000, .registrationExpired(RegistrationExpired(trunk: alpha1)))
        log.add(9_000, registered(alpha1))
        log.add(9_500, .registrationRemoved(RegistrationRemoved(trunk: alpha1)))
        log.add(9_600, .agentStopped(AgentStopped(reason: .terminated, openCalls: 0)))
        log.boot(at: 20_000)
        log.add(21_000, registered(alpha1))
        let (state, rows) = try fold(CarrierUptime.self, log.entries)
        let expected = [
            "unknown 0-1000 no evidence yet", "up 1000-5000 registered",
            "down 5000-6000 probe timed out", "up 6000-8000 registered",
            "down 8000-9000 registration expired", "up 9000-9500 registered",
            "unknown 9500-21000 registration removed by us",
        ]
        #expect(shown(rows, trunk) == expected)
        #expect(shown(rows, .carrier(alpha)) == expected)
        #expect(state.current[trunk]?.cause.state == .up)
    }

    /// The resolver's silence is ours, an unknown name the carrier's.
    @Test(arguments: [TrunkAuthentication.address, .registration])
    func whereATrunkIsHasToBeKnown(authentication: TrunkAuthentication) throws {
        let place = TrunkLocated(trunk: alpha1, hosts: [carrierEnd])
        let reached = TrunkReachable(trunk: alpha1, code: .code(200), roundTrip: .milliseconds(1))
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, authentication)
        log.add(1_000, .trunkUnreachable(TrunkUnreachable(trunk: alpha1, cause: .resolver)))
        log.add(2_000, .trunkUnreachable(TrunkUnreachable(trunk: alpha1, cause: .notLocated)))
        log.add(5_000, .trunkLocated(place))
        log.add(6_000, authentication == .address ? .trunkReachable(reached) : registered(alpha1))
        log.add(7_000, .trunkUnreachable(TrunkUnreachable(trunk: alpha1, cause: .notLocated)))
        log.add(8_000, .trunkLocated(place))
        log.add(9_000, .trunkReachable(reached))
        log.add(9_500, .agentStopped(AgentStopped(reason: .terminated, openCalls: 0)))
        let rows = try fold(CarrierUptime.self, log.entries).rows
        let begin = [
            "unknown 0-1000 no evidence yet", "unknown 1000-2000 DNS does not answer",
            "down 2000-5000 DNS names no host", "unknown 5000-6000 no evidence yet",
        ]
        let rest =
            authentication == .address
            ? [
                "up 6000-7000 probe answered (200)", "down 7000-8000 DNS names no host",
                "unknown 8000-9000 no evidence yet", "up 9000-9500 probe answered (200)",
            ]
            : [
                "up 6000-7000 registered", "down 7000-8000 DNS names no host",
                "up 8000-9500 registered",
            ]
        #expect(shown(rows, trunk) == begin + rest)
    }

    @Test func aCrashIsUnknownFromTheLastSignOfLife() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration)
        log.add(1_000, registered(alpha1))
        log.add(11_000, .heartbeat(Heartbeat(openCalls: 0)))
        log.boot(at: 60_000)
        log.add(61_000, registered(alpha1))
        let rows = try fold(CarrierUptime.self, log.entries).rows
        #expect(
            shown(rows, trunk) == [
                "unknown 0-1000 no evidence yet", "up 1000-11000 registered",
                "unknown 11000-61000 agent gave no sign of life",
            ])
    }

    @Test func whatOthersRecordIsNoSignOfTheAgentsLife() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration)
        log.add(1_000, registered(alpha1))
        log.reopen(at: 50_000)
        log.add(
            50_000,
            .exportClosed(
                ExportClosed(
                    sequence: 1, firstPosition: 1, lastPosition: 3, rowCount: 0,
                    talkMilliseconds: 0, completeUntil: start, fileName: "a", sha256: .empty,
                    previousSHA256: .empty)))
        log.boot(at: 60_000)
        let state = try fold(CarrierUptime.self, log.entries).state
        #expect(state.current[trunk]?.cause.kind == .agentSilent)
        #expect(state.current[trunk]?.since == after(1_000))
    }

    @Test func silenceWithinABootIsUnknown() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration)
        log.add(1_000, registered(alpha1))
        log.add(200_000, .heartbeat(Heartbeat(openCalls: 0)))
        let (state, rows) = try fold(CarrierUptime.self, log.entries)
        #expect(
            shown(rows, trunk) == [
                "unknown 0-1000 no evidence yet",
                "unknown 1000-200000 agent gave no sign of life",
            ])
        #expect(state.current[trunk]?.cause.state == .up)
        #expect(state.current[trunk]?.since == after(200_000))
    }

    @Test func withoutProbesCallsTell() throws {
        let call = CallScript()
        var late = CallScript(call: callID(2))
        late.direction = .inbound
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, isProbed: false)
        log.add(1_000, call.seized())
        log.add(2_000, call.progressed(180))
        log.add(9_000, call.failed(.timeout))
        var second = call
        second.attempt = second.attempt.next
        log.add(10_000, second.seized())
        log.add(16_000, second.failed(.timeout))
        log.add(20_000, late.seized())
        log.add(21_000, late.failed(.timeout))
        let (state, rows) = try fold(CarrierUptime.self, log.entries)
        #expect(
            shown(rows, trunk) == [
                "unknown 0-2000 no evidence yet", "up 2000-16000 call progressed (180)",
                "down 16000-20000 call timed out without progress",
            ])
        #expect(state.current[trunk]?.cause.state == .up)
    }

    @Test func aCarrierIsUpWhileOneTrunkIs() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration)
        log.configure(alpha2, of: alpha, .registration)
        log.add(1_000, registered(alpha1))
        log.add(2_000, registered(alpha2))
        log.add(3_000, .registrationExpired(RegistrationExpired(trunk: alpha1)))
        log.add(
            4_000,
            .registrationFailed(
                RegistrationFailed(
                    trunk: alpha2, cause: .rejected, code: .code(403), reason: .empty)))
        log.add(5_000, .trunkRemoved(TrunkRemoved(trunk: alpha1)))
        log.add(6_000, .trunkRemoved(TrunkRemoved(trunk: alpha2)))
        let (state, rows) = try fold(CarrierUptime.self, log.entries)
        #expect(
            shown(rows, .carrier(alpha)) == [
                "unknown 0-1000 no evidence yet", "up 1000-4000 registered",
                "down 4000-6000 registration rejected (403)",
            ])
        #expect(state.current.isEmpty && state.trunks.isEmpty)
    }
}
