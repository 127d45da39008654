import Ledger
import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

private let listener = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 5062)
private let dialer = Endpoint(address: IPAddress(v4: 0x7F00_0002), port: 5060)
private let carrier = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)

private func moment(_ milliseconds: Int64) -> Moment {
    Moment(
        wall: WallInstant(nanoseconds: 1_700_000_000_000_000_000)
            .advanced(by: .milliseconds(milliseconds)),
        monotonic: MonotonicInstant(nanoseconds: 1_000_000_000)
            .advanced(by: .milliseconds(milliseconds)))
}

private func invite(_ callID: String) -> [UInt8] { request("INVITE", callID) }

private func request(_ method: String, _ callID: String) -> [UInt8] {
    Array(
        """
        \(method) sip:2125550199@127.0.0.1:5062 SIP/2.0\r
        Via: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK-\(callID)\r
        Max-Forwards: 70\r
        From: <sip:3105550100@127.0.0.2>;tag=d-\(callID)\r
        To: <sip:2125550199@127.0.0.1>\r
        Call-ID: \(callID)\r
        CSeq: 1 \(method)\r
        Contact: <sip:127.0.0.2:5060>\r
        Content-Length: 0\r
        \r

        """.utf8)
}

/// A gated agent between a dialer and one trunk; what leaves is kept by its first word and status.
private struct Bed: ~Copyable {
    var agent: GatedAgent
    var left: [String] = []

    init() throws {
        let trunk = try #require(TrunkName("alpha-1"))
        let name = try #require(ShortName("vicidial"))
        let configuration = AgentConfiguration(
            node: name, listeners: [listener],
            dialers: [
                DialerConfiguration(name: name, sources: [AddressRange(base: dialer.address)])
            ],
            trunks: [
                TrunkConfiguration(
                    name: trunk, carrier: try #require(CarrierName("alpha")),
                    server: .endpoint(carrier),
                    domain: "127.0.0.3", sources: [AddressRange(base: carrier.address)],
                    channels: ChannelLimits(total: 2), probeInterval: nil)
            ],
            routes: [RouteConfiguration(prefix: .empty, trunks: [trunk])])
        agent = GatedAgent(core: AgentCore(configuration: configuration, entropy: .seeded(1)))
        agent.step { core, output in
            core.start(recovering: RecoveredState(), at: moment(0), into: &output)
        }
        let first = settle(0, isAwaited: true)
        #expect(first?.batch.count == 1, "the trunk's settings")
        commit(1)
    }

    mutating func settle(_ now: Int64, isAwaited: Bool = false) -> CommitQueue.Commit? {
        var sent: [OutgoingMessage] = []
        let due = agent.settle(at: moment(now), isAwaited: isAwaited) { sent.append($0) }
        note(sent)
        return due
    }

    mutating func commit(_ now: Int64) {
        var sent: [OutgoingMessage] = []
        agent.committed(at: moment(now).monotonic) { sent.append($0) }
        note(sent)
    }

    mutating func receive(_ bytes: [UInt8], _ now: Int64) {
        agent.step { core, output in
            core.receive(bytes, from: dialer, on: listener, at: moment(now), into: &output)
        }
    }

    mutating func takeSent() -> [String] {
        defer { left = [] }
        return left
    }

    private mutating func note(_ messages: [OutgoingMessage]) {
        for message in messages {
            let words = Octets(message.bytes).description.split(separator: " ")
            left.append(words[0] == "SIP/2.0" ? String(words[1]) : String(words[0]))
        }
    }
}

@Suite struct GatedAgentTests {
    @Test func anInviteLeavesWithItsCommit() throws {
        var bed = try Bed()
        bed.receive(invite("c-1"), 100)
        let batch = bed.settle(100)
        let early = bed.takeSent()
        bed.commit(103)
        let late = bed.takeSent()
        #expect(batch?.batch.count == 4, "started, route, seized, sent")
        #expect(early == [])
        #expect(late == ["100", "INVITE"])
    }

    // jambonz/sbc-inbound PR#188, pocket-dial#379: a CANCEL during the setup left a call at the
    // carrier, billed, with nobody on it.
    @Test func anInviteThatIsCancelledBeforeItsCommitNeverLeaves() throws {
        var bed = try Bed()
        bed.receive(invite("c-1"), 100)
        _ = bed.settle(100)
        bed.receive(request("CANCEL", "c-1"), 101)
        _ = bed.settle(101)
        bed.commit(103)
        let gathered = 103 + CommitQueue.gatherSpan.milliseconds
        let end = bed.settle(gathered)
        bed.commit(gathered + 3)
        let sent = bed.takeSent()
        bed.agent.step { core, output in core.advance(to: moment(40_000), into: &output) }
        _ = bed.settle(40_000)
        let late = bed.takeSent()
        #expect(end?.batch.count == 3, "ended, attempt failed, channel released")
        #expect(sent == ["100", "487", "200"])
        #expect(!late.contains("INVITE") && !late.contains("CANCEL"))
    }

    @Test func aCommitThatStallsRefusesNewCalls() throws {
        var bed = try Bed()
        bed.receive(invite("c-1"), 100)
        _ = bed.settle(100)
        let due = bed.agent.nextDue()
        _ = bed.settle(601)
        bed.receive(invite("c-2"), 650)
        _ = bed.settle(650)
        let sent = bed.takeSent()
        #expect(due.map { $0 <= moment(601).monotonic } == true)
        // 100 does not wait for a sick disk for ever; the second call gets its 503 at once.
        #expect(sent == ["100", "503"])
    }

    @Test func aCommitThatIsDueBeginsWithWhateverComesNext() throws {
        var bed = try Bed()
        bed.receive(invite("c-1"), 100)
        _ = bed.settle(100)
        bed.commit(101)
        bed.receive(invite("c-2"), 102)
        let early = bed.settle(102)
        let latest = bed.agent.nextDue(within: .init(commits: .milliseconds(5)))
        let due = bed.settle(112)
        #expect(early == nil)
        #expect(latest == moment(115).monotonic, "ten after the commit before, and five")
        #expect(due?.batch.count == 4)
    }

    @Test func aRefusedBatchEndsTheCallsInIt() throws {
        var bed = try Bed()
        bed.receive(invite("c-1"), 100)
        _ = bed.settle(100)
        bed.agent.refused(at: moment(101))
        let early = bed.settle(101)
        let again = bed.settle(400)
        let sent = bed.takeSent()
        // The call's end may use the reserve, and so what stands before it may too.
        #expect(early?.isReserve == true)
        #expect(again == nil)
        #expect(sent == ["100", "503"], "the end outruns a sick disk by 200 ms at most")
    }

    @Test func aStopIsOverOnceItIsOnDisk() throws {
        var bed = try Bed()
        bed.agent.beginStop(
            .terminated, hangUpCalls: true, until: moment(5_000).monotonic, at: moment(100))
        let batch = bed.settle(100)
        let isOverEarly = bed.agent.isStopped
        bed.commit(103)
        _ = bed.settle(103)
        let isOver = bed.agent.isStopped
        #expect(batch?.batch.count == 1)
        #expect(!isOverEarly && isOver)
    }
}
