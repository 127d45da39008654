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

    private static let streams = TransportReach([
        AgentBed.agentAddress,
        Endpoint(transport: .tcp, address: AgentBed.agentAddress.address, port: 5062),
    ])

    /// RFC 3263 section 4.1: a URI's own word on the transport counts where we speak it.
    @Test(arguments: [
        ("sip:b@SBC.example:5099;transport=TCP", "sip:sbc.example:5099;transport=tcp"),
        ("sip:b@sbc.example;transport=tls", "sip:sbc.example;transport=udp"),
        ("sips:b@sbc.example", "sip:sbc.example;transport=udp"),
        ("sip:b@sbc.example;transport=sctp", "sip:sbc.example;transport=udp"),
    ])
    func aNameIsLocatedForTheTransportThatItNames(contact: String, name: String) {
        let dialog = DialogTests.dialog(contact: contact)
        guard case .named(let found) = dialog.nextHop(reaching: Self.streams) else {
            Issue.record("it is a name")
            return
        }
        #expect(found.description == name)
    }

    @Test func aRoutesTransportCountsBeforeTheTargets() throws {
        let dialog = DialogTests.dialog(
            contact: "sip:b@198.51.100.1", recordRoutes: ["<sip:198.51.100.2;transport=tcp;lr>"])
        let address = try #require(IPAddress("198.51.100.2"))
        #expect(
            dialog.nextHop(reaching: Self.streams)
                == .endpoint(Endpoint(transport: .tcp, address: address, port: 5060)))
        let datagrams = TransportReach([AgentBed.agentAddress])
        #expect(
            dialog.nextHop(reaching: datagrams)
                == .endpoint(Endpoint(address: address, port: 5060)))
    }

    /// What is encrypted is not taken out of TLS by what a peer writes.
    @Test func aDialogOnTLSStaysThere() throws {
        let uri = try #require(SIPURI(Bytes("sip:b@192.0.2.1:5070;transport=tcp")))
        let hop = NextHop(uri, from: .tls, reaching: Self.streams)
        let address = try #require(IPAddress("192.0.2.1"))
        #expect(hop == .endpoint(Endpoint(transport: .tls, address: address, port: 5070)))
    }

    /// The BYE leaves from the listener of the transport that the peer named, which its Via names.
    @Test func requestsMoveToTheTransportOfTheContact() throws {
        var configuration = AgentBed.configuration()
        let listener = Endpoint(
            transport: .tcp, address: AgentBed.agentAddress.address, port: 5066)
        configuration.listeners.append(listener)
        let bed = AgentBed(configuration)
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        let answered = Octets(Cast.alpha.response(200, to: invite, body: AgentBed.sdp))
            .description.replacing(
                "Contact: <sip:127.0.0.3:5070>",
                with: "Contact: <sip:127.0.0.3:5077;transport=tcp>")
        bed.receive(Array(answered.utf8), from: AgentBed.alpha)
        let peer = Endpoint(transport: .tcp, address: AgentBed.alpha.address, port: 5077)
        let ack = try bed.expect(peer, "ACK")
        #expect(ack.uri == "sip:127.0.0.3:5077;transport=tcp")
        #expect(ack.text(.via)?.hasPrefix("SIP/2.0/TCP 127.0.0.1:5066;") == true)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(peer, "BYE")
        #expect(bye.text(.via)?.hasPrefix("SIP/2.0/TCP 127.0.0.1:5066;") == true)
        #expect(bed.sent.last { $0.remote == peer }?.local == listener)
        bed.receive(
            Phone(peer, tag: "alpha").response(200, to: bye), from: peer, on: listener)
        bed.expectQuiet()
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
        let six = Self.targets("2001:db8::1")
        #expect(dialog.hop(among: six) == six[0].endpoints[0], "of the other family")
        let four = Self.targets("203.0.113.9")
        #expect(dialog.hop(among: six + four) == four[0].endpoints[0], "its own comes first")
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
