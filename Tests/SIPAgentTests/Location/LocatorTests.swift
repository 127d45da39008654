import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct LocatorTests {
    private let name = ServerName(host: "carrier.example", transport: .exactly(.udp))
    private let service = DNSQuestion.srv("_sip._udp.carrier.example")
    private let host = DNSQuestion.addresses("gw1.example")

    private func zone() -> Zone {
        var zone = Zone()
        zone.srv("_sip._udp.carrier.example", (10, 0, 5070, "gw1.example"))
        zone.host("gw1.example", "192.0.2.1")
        zone.host("gw2.example", "192.0.2.2")
        return zone
    }

    private func bed() -> LocatorBed {
        var bed = LocatorBed(zone(), [name])
        bed.resolve()
        return bed
    }

    @Test func answersAreAskedForAgainBeforeTheyAreTooOld() {
        var bed = bed()
        #expect(bed.asked == [service, host])
        bed.pass(.seconds(209))
        #expect(bed.asked.count == 2, "not before 70 % of their lifetime")
        bed.pass(.seconds(62))
        #expect(bed.asked.count == 4, "not after 90 %")
    }

    @Test(arguments: [(0, 3.5...4.5), (86_400, 2_520...3_240)] as [(Int64, ClosedRange<Double>)])
    func lifetimesHaveBounds(lifetime: Int64, wait: ClosedRange<Double>) {
        var zone = zone()
        zone.lifetime = .seconds(lifetime)
        var bed = LocatorBed(zone, [name])
        bed.resolve()
        #expect(wait.contains(seconds(from: bed.now, to: bed.locator.deadline) ?? 0))
    }

    @Test func aMoveIsFollowed() {
        var bed = bed()
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.1:5070"])
        bed.zone.srv("_sip._udp.carrier.example", (10, 0, 5070, "gw2.example"))
        bed.pass(.seconds(300))
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.2:5070"])
        #expect(bed.asked.last == .addresses("gw2.example"))
    }

    /// The new service's host is not known yet: calls still go to the old one.
    @Test func halfAnAnswerReplacesNothing() {
        var bed = bed()
        bed.zone.srv("_sip._udp.carrier.example", (10, 0, 5070, "gw3.example"))
        bed.zone.failing = [.addresses("gw3.example")]
        bed.pass(.seconds(300))
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.1:5070"])
    }

    @Test func aDeadResolverTakesNothingAway() {
        var bed = bed()
        bed.zone.failing = [service, host]
        bed.pass(.seconds(7 * 86_400))
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.1:5070"])
        let asked = bed.asked.count
        bed.pass(.seconds(60))
        #expect((2...5).contains(bed.asked.count - asked), "once in half a minute to a minute")
        bed.zone.failing = []
        bed.zone.host("gw1.example", "192.0.2.9")
        bed.pass(.seconds(60))
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.9:5070"])
    }

    @Test func thatAServerIsGoneIsBelievedButNotForLong() {
        var bed = bed()
        bed.zone.records = [:]
        bed.zone.lifetime = .seconds(86_400)
        bed.pass(.seconds(300))
        #expect(bed.targets(of: name).isEmpty)
        bed.zone = zone()
        bed.pass(DNSCache.absenceMax)
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.1:5070"])
    }

    @Test func onlyWhatIsStillConfiguredIsAsked() {
        var bed = bed()
        bed.locator.serve([], reaching: reach(["udp:127.0.0.1:5060"]), at: bed.now)
        #expect(bed.locator.deadline == nil && bed.targets(of: name).isEmpty)
    }

    /// Its reply was lost: nothing lasts for ever.
    @Test func aQuestionThatNobodyRepliesToIsAskedAgain() {
        var bed = LocatorBed(zone(), [name])
        bed.locator.advance(to: bed.now)
        #expect(bed.locator.takeQuestions() == [service])
        #expect(bed.locator.takeQuestions().isEmpty)
        bed.pass(DNSCache.patience)
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.1:5070"])
    }

    // Names that peers write.

    @Test func aGuestIsAskedForOnceItIsNeeded() {
        var bed = bed()
        let guest = ServerName(host: "gw2.example", port: 5066, transport: .exactly(.udp))
        #expect(bed.locator.targets(ofGuest: guest, at: bed.now).isEmpty)
        bed.resolve()
        #expect(bed.asked.last == .addresses("gw2.example"))
        #expect(bed.targets(of: guest) == ["0 0 udp:192.0.2.2:5066"])
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.1:5070"])
        bed.locator.serve([name], reaching: reach(["udp:127.0.0.1:5060"]), at: bed.now)
        #expect(bed.targets(of: guest).count == 1, "a reload sends no guest away")
    }

    @Test func aGuestThatNobodyNeedsIsAskedForNoMore() {
        var bed = bed()
        let guest = ServerName(host: "gw2.example", port: 5066, transport: .exactly(.udp))
        _ = bed.locator.targets(ofGuest: guest, at: bed.now)
        bed.resolve()
        bed.pass(.seconds(3_000))
        #expect(bed.targets(of: guest).count == 1)
        _ = bed.locator.targets(ofGuest: guest, at: bed.now)
        bed.pass(.seconds(3_000))
        #expect(bed.targets(of: guest).count == 1, "it was needed")
        bed.pass(.seconds(1_000))
        #expect(bed.targets(of: guest).isEmpty)
        let count = bed.asked.count { $0 == .addresses("gw2.example") }
        bed.pass(.seconds(3_000))
        #expect(bed.asked.count { $0 == .addresses("gw2.example") } == count)
    }

    @Test func guestsHaveABound() {
        var bed = bed()
        for number in 0..<1_000 {
            let guest = ServerName(host: "h\(number).example", port: 5066)
            _ = bed.locator.targets(ofGuest: guest, at: bed.now)
            bed.pass(.milliseconds(1))
        }
        #expect(bed.locator.guestNames.count == Locator.guestsMax)
        #expect(bed.locator.guestNames.contains(ServerName(host: "h999.example", port: 5066)))
        #expect(bed.targets(of: name) == ["10 0 udp:192.0.2.1:5070"])
        _ = bed.locator.targets(ofGuest: name, at: bed.now)
        #expect(!bed.locator.guestNames.contains(name), "the configuration's is no guest")
    }
}
