import Testing
import TrunkEvents

@testable import SIPAgent

/// Names that peers write into Contact and Record-Route (RFC 3263).
@Suite struct NextHopTests {
    private static let gateway = Phone(AgentBed.endpoint("127.0.0.12", 5066), tag: "alpha")
    private static let routed = ["Record-Route: <sip:edge.example;lr>"]

    private static func zone(_ hosts: String...) -> Zone {
        var zone = Zone()
        zone.srv("_sip._udp.edge.example", (10, 0, 5066, "gw.example"))
        zone.records[.addresses("gw.example")] = .addresses(hosts.compactMap { IPAddress($0) })
        return zone
    }

    private static func targets(_ hosts: String...) -> [ServerTarget] {
        hosts.map { host in
            ServerTarget(priority: 1, weight: 1, endpoints: [AgentBed.endpoint(host, 5066)])
        }
    }

    @Test func aNameIsLocatedForTheDialogsTransport() {
        let dialog = DialogTests.dialog(contact: "sip:b@SBC.example:5099;transport=tcp")
        let name = ServerName(host: "sbc.example", port: 5099, transport: .exactly(.udp))
        #expect(dialog.nextHop == .named(name))
        let routed = DialogTests.dialog(
            contact: "sip:b@198.51.100.1", recordRoutes: ["<sip:p1.example;lr>"])
        #expect(
            routed.nextHop
                == .named(ServerName(host: "p1.example", transport: .exactly(.udp))))
    }

    @Test func aDialogStaysWithOneOfItsHosts() {
        let dialog = DialogTests.dialog(contact: "sip:b@sbc.example")
        let peer = AgentBed.endpoint("203.0.113.7", 5060)
        let others = Self.targets("203.0.113.8", "203.0.113.9", "203.0.113.10")
        #expect(dialog.hop(among: []) == peer)
        let mine = ServerTarget(priority: 9, weight: 1, endpoints: [peer])
        #expect(dialog.hop(among: others + [mine]) == peer, "where it lives")
        let hop = dialog.hop(among: others)
        #expect(others.flatMap(\.endpoints).contains(hop))
        for _ in 0..<8 { #expect(dialog.hop(among: others) == hop) }
        #expect(dialog.hop(among: Self.targets("10.0.0.5")) == peer, "private, behind NAT")
        #expect(dialog.hop(among: Self.targets("2001:db8::1")) == peer, "of another family")
    }

    /// The ACK cannot wait: it goes where the call went. Once DNS has answered, its copies and all
    /// that follows go to the host of that name.
    @Test func requestsFollowTheRecordedName() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        let call = try bed.answer(invite, headers: Self.routed)
        bed.resolve(Self.zone("127.0.0.12"))
        bed.receive(
            Cast.alpha.response(200, to: invite, headers: Self.routed, body: AgentBed.sdp),
            from: AgentBed.alpha)
        let copy = try bed.expect(Self.gateway.endpoint, "ACK")
        #expect(copy.routes.map { text($0.uriText) } == ["sip:edge.example;lr"])
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(Self.gateway.endpoint, "BYE")
        #expect(bye.uri == "sip:127.0.0.3:5070")
        bed.receive(Self.gateway.response(200, to: bye), from: Self.gateway.endpoint)
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK"])
        bed.expectQuiet()
    }

    /// A name that means nothing here, and a resolver that says nothing.
    @Test(arguments: [true, false])
    func whatDNSDoesNotKnowIsReachedAsBefore(isAnswered: Bool) throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        let call = try bed.answer(invite, headers: Self.routed)
        if isAnswered { bed.resolve(Zone()) }
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    /// A dialer's Contact, and the one that its re-INVITE brings.
    @Test func aRefreshedTargetIsLocatedToo() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        let reinvite = Octets(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: AgentBed.sdp)
        ).description.replacing(
            "Contact: <sip:127.0.0.2:5060>", with: "Contact: <sip:edge.example>")
        bed.receive(Array(reinvite.utf8), from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: forwarded, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 2), from: AgentBed.dialer)
        bed.receive(
            Cast.alpha.request("INFO", within: call.invite, sequence: 1), from: AgentBed.alpha)
        let first = try bed.expect(AgentBed.dialer, "INFO")
        bed.receive(Cast.dialer.response(200, to: first), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "200 INFO")
        bed.resolve(Self.zone("127.0.0.12"))
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 2), from: AgentBed.alpha)
        let bye = try bed.expect(Self.gateway.endpoint, "BYE")
        #expect(bye.uri == "sip:edge.example")
        bed.receive(Self.gateway.response(200, to: bye), from: Self.gateway.endpoint)
        bed.expectQuiet()
    }

    @Test func aRestartedCallsNameIsAskedForAhead() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let call = try bed.answer(
            try bed.expect(AgentBed.alpha, "INVITE"), headers: Self.routed)
        bed.run(for: .seconds(95))
        bed.crash(downtime: .seconds(1))
        bed.resolve(Self.zone("127.0.0.12"))
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(Self.gateway.endpoint, "BYE")
        bed.receive(Self.gateway.response(200, to: bye), from: Self.gateway.endpoint)
        bed.expectQuiet()
    }

    /// RFC 3608: the first call goes to the carrier itself while the name is not known.
    @Test func callsFollowAServiceRouteByName() throws {
        let bed = try AgentBed.registered(
            ["Expires: 3600", "Service-Route: <sip:edge.example;lr>"])
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(first.routes.map { text($0.uriText) } == ["sip:edge.example;lr"])
        bed.receive(Cast.alpha.response(486, to: first), from: AgentBed.alpha)
        bed.resolve(Self.zone("127.0.0.12"))
        bed.place("call-2")
        let second = try bed.expect(Self.gateway.endpoint, "INVITE")
        bed.receive(Self.gateway.response(486, to: second), from: Self.gateway.endpoint)
        bed.expectQuiet()
    }
}
