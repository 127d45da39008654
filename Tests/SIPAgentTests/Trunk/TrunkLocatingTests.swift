import Testing
import TrunkEvents

@testable import SIPAgent

private let granted = answer(
    200, "OK", "Contact: <sip:2125550100@127.0.0.1:5062>;expires=1800")

@Suite struct TrunkLocatingTests {
    private static let name = ServerName(host: "carrier.example")

    private static func zone(_ host: String) -> Zone {
        var zone = Zone()
        zone.host("carrier.example", host)
        zone.lifetime = .seconds(20)
        return zone
    }

    private func trunk() -> TrunkConfiguration {
        var trunk = registeringTrunk(probeInterval: .seconds(30))
        trunk.server = .named(Self.name)
        trunk.domain = "carrier.example"
        return trunk
    }

    /// A table, its resolver and its time.
    private struct Bed {
        var table: TrunkTable
        var now = instant(0)
        var sent: [TrunkRequest] = []
        var events: [Event] = []
        private var entropy = Entropy.seeded(4)

        init(_ configuration: AgentConfiguration) {
            var entropy = Entropy.seeded(4)
            table = TrunkTable(configuration, at: instant(0), entropy: &entropy)
        }

        mutating func run(for span: Nanoseconds, _ zone: Zone) {
            let end = now.advanced(by: span)
            while let due = table.deadline, due <= end {
                now = max(now, due)
                for case .send(let request) in table.advance(to: now, entropy: &entropy) {
                    sent.append(request)
                }
                answer(zone)
            }
            now = end
        }

        private mutating func answer(_ zone: Zone) {
            while true {
                let questions = table.takeQuestions()
                if questions.isEmpty { return }
                for question in questions {
                    note(
                        table.receive(
                            zone.reply(to: question), to: question, at: now, entropy: &entropy))
                }
            }
        }

        private mutating func note(_ actions: [TrunkAction]?) {
            for case .record(let event) in actions ?? [] { events.append(event) }
        }

        mutating func reload(_ configuration: AgentConfiguration) {
            note(table.reload(configuration, at: now, entropy: &entropy))
        }

        mutating func accept(_ request: TrunkRequest) {
            _ = table.receive(granted, to: request.id, at: now, entropy: &entropy)
        }
    }

    @Test func itRegistersAndProbesOnceItIsLocated() throws {
        var bed = Bed(agent([trunk()]))
        bed.run(for: .milliseconds(1), Zone())
        #expect(bed.sent.isEmpty && bed.table[alpha]?.hops.isEmpty == true)
        bed = Bed(agent([trunk()]))
        bed.run(for: .seconds(1), Self.zone("192.0.2.1"))
        #expect(Set(bed.sent.map(\.method)) == [.register, .options])
        #expect(Set(bed.sent.map(\.remote.description)) == ["udp:192.0.2.1:5060"])
        let register = try #require(bed.sent.first { $0.method == .register })
        bed.accept(register)
        #expect(bed.table[alpha]?.refusal(at: bed.now, .ordinary) == nil)
    }

    @Test func aMovedCarrierIsRegisteredWithThereAndKeepsItsBindingMeanwhile() throws {
        var bed = Bed(agent([trunk()]))
        bed.run(for: .seconds(1), Self.zone("192.0.2.1"))
        bed.accept(try #require(bed.sent.first { $0.method == .register }))
        bed.run(for: .seconds(20), Self.zone("192.0.2.2"))
        let line = try #require(bed.table[alpha])
        #expect(line.health(at: bed.now).binding == .inForce)
        var entropy = Entropy.seeded(1)
        #expect(
            line.hops(at: bed.now, using: &entropy).map(\.description) == ["udp:192.0.2.2:5060"])
        bed.sent = []
        bed.run(for: .seconds(1_800), Self.zone("192.0.2.2"))
        let refresh = try #require(bed.sent.first { $0.method == .register })
        #expect(refresh.remote.description == "udp:192.0.2.2:5060")
        guard case .register(let register) = refresh.content else { return }
        #expect(register.cseq == 2, "the same machine goes on")
    }

    /// DNS moves it to another transport: another listener, another contact.
    @Test func anotherTransportIsAnotherRegistration() throws {
        var configuration = agent([trunk()])
        configuration.listeners.append(
            Endpoint(transport: .tcp, address: IPAddress(v4: 0x7F00_0001), port: 5062))
        var bed = Bed(configuration)
        bed.run(for: .seconds(1), Self.zone("192.0.2.1"))
        bed.accept(try #require(bed.sent.first { $0.method == .register }))
        var zone = Self.zone("192.0.2.1")
        zone.naptr("carrier.example", (1, 1, "SIP+D2T", "_sip._tcp.carrier.example"))
        zone.srv("_sip._tcp.carrier.example", (1, 1, 5099, "carrier.example"))
        bed.sent = []
        bed.run(for: .seconds(301), zone)
        let register = try #require(bed.sent.first { $0.method == .register })
        #expect(register.remote.description == "tcp:192.0.2.1:5099")
        #expect(register.local.transport == .tcp)
    }

    private func absent(_ cause: ProbeFailure, _ trunk: TrunkName = alpha) -> Event {
        .trunkUnreachable(TrunkUnreachable(trunk: trunk, cause: cause))
    }

    /// Told once, however often DNS is asked again.
    @Test func thatNobodyKnowsWhereATrunkIsIsAFact() throws {
        var bed = Bed(agent([trunk()]))
        var silent = Zone()
        silent.failing = [
            .naptr("carrier.example"), .addresses("carrier.example"),
            .srv("_sip._udp.carrier.example"),
        ]
        #expect(bed.events.isEmpty, "DNS was not asked yet")
        bed.run(for: .seconds(200), silent)
        #expect(bed.events == [absent(.resolver)])
        bed.run(for: .seconds(600), Zone())
        #expect(bed.events == [absent(.resolver), absent(.notLocated)])
        bed.events = []
        bed.run(for: .seconds(600), Self.zone("192.0.2.1"))
        let place = Endpoint(address: IPAddress(v4: 0xC000_0201), port: 5060)
        let found = Event.trunkLocated(TrunkLocated(trunk: alpha, hosts: [place]))
        #expect(bed.events == [found])
        bed.events = []
        // A resolver that fails takes nothing away; that the name is gone does.
        bed.run(for: .seconds(200), silent)
        #expect(bed.events.isEmpty)
        bed.run(for: .seconds(600), Zone())
        #expect(
            bed.events == [
                .trunkLocated(TrunkLocated(trunk: alpha, hosts: [])), absent(.notLocated),
            ])
    }

    @Test func aTrunkThatAReloadBringsSharesWhatIsKnown() {
        var bed = Bed(agent([trunk()]))
        bed.run(for: .seconds(1), Zone())
        #expect(bed.events == [absent(.notLocated)])
        var other = trunk()
        other.name = beta
        bed.reload(agent([trunk(), other]))
        #expect(bed.events == [absent(.notLocated), absent(.notLocated, beta)])
        bed.reload(agent([trunk(), other]))
        #expect(bed.events.count == 2)
    }

    /// A host that none of our listeners reaches is as good as none.
    @Test func whatWeCannotReachIsNotLocated() {
        var bed = Bed(agent([trunk()]))
        bed.run(for: .seconds(1), Self.zone("2001:db8::1"))
        #expect(bed.events == [absent(.notLocated)])
    }

    @Test func theNextProbeAsksTheNextHost() {
        var trunk = addressTrunk(probeInterval: .seconds(30))
        trunk.server = .named(Self.name)
        var zone = Zone()
        zone.srv(
            "_sip._udp.carrier.example", (10, 0, 5060, "gw1.example"),
            (20, 0, 5060, "gw2.example"))
        zone.host("gw1.example", "192.0.2.1")
        zone.host("gw2.example", "192.0.2.2")
        var bed = Bed(agent([trunk]))
        bed.run(for: .seconds(10), zone)
        let asked = bed.sent.map(\.remote.description)
        #expect(asked == ["udp:192.0.2.1:5060", "udp:192.0.2.2:5060"])
    }

    @Test func aCertificateBearsTheConfiguredName() {
        var secured = trunk()
        secured.server = .named(
            ServerName(host: "carrier.example", transport: .exactly(.tls)))
        var configuration = agent([secured])
        configuration.listeners = [
            Endpoint(transport: .tls, address: IPAddress(v4: 0x7F00_0001), port: 5061)
        ]
        var zone = Zone()
        zone.srv("_sips._tcp.carrier.example", (1, 1, 5061, "gw1.cloud.example"))
        zone.host("gw1.cloud.example", "192.0.2.1")
        var bed = Bed(configuration)
        bed.run(for: .seconds(1), zone)
        #expect(
            bed.table.peerNames.map { "\($0.key) \($0.value)" }
                == ["tls:192.0.2.1:5061 carrier.example"])
    }
}
