import Foundation
import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

/// What one wrong line in the sample is answered with.
struct WrongLine: CustomTestStringConvertible {
    var old: String
    var new: String
    var problems: [String]

    init(_ old: String, _ new: String, _ problems: String...) {
        self.old = old
        self.new = new
        self.problems = problems
    }

    var testDescription: String { new }
}

private func problems(_ text: String) -> [String] {
    do throws(ConfigurationError) {
        _ = try parse(text)
        return []
    } catch {
        return error.description.split(separator: "\n").map(String.init)
    }
}

private let keysAndNames = [
    WrongLine(
        "channels: 50", "chanels: 50",
        "t.yaml:16:9: unknown key 'chanels' in a trunk; did you mean 'channels'?"),
    WrongLine(
        "node: pbx1", "node: pbx1\ncolour: red",
        "t.yaml:2:1: unknown key 'colour' in the configuration; the keys of the configuration are "
            + "advertise, calls, carriers, dialers, dns, inbound, ledger, listen, node, numbers, "
            + "routes, security, tls"),
    WrongLine(
        "name: beta-1", "name: alpha-1",
        "t.yaml:27:15: a second trunk named 'alpha-1'; rename one",
        "t.yaml:34:23: no trunk is named 'beta-1'; the trunks are alpha-1"),
    WrongLine(
        "name: beta\n", "name: alpha\n",
        "t.yaml:25:11: a second carrier named 'alpha'; rename one"),
    WrongLine(
        "[alpha-1, beta-1]", "[alpha-1, beta-2]",
        "t.yaml:34:23: no trunk is named 'beta-2'; did you mean 'beta-1'?"),
    WrongLine(
        "[alpha-1, beta-1]", "[alpha-1, alpha-1]",
        "t.yaml:34:23: trunk 'alpha-1' is in this route twice; keep one"),
    WrongLine(
        "to: vicidial", "to: vicidail",
        "t.yaml:42:9: no dialer is named 'vicidail'; did you mean 'vicidial'?"),
    WrongLine(
        "    policy: priority", "    policy: priority\n  - prefix: \"+1\"\n    trunks: [beta-1]",
        "t.yaml:36:13: a second route for prefix '+1'; list the trunks of both in one"),
    WrongLine(
        "    to: vicidial", "    to: vicidial\n  - did: \"+12125550100\"\n    to: vicidial",
        "t.yaml:43:10: a second entry for +12125550100; a number goes to one dialer"),
]

private let contradictions = [
    WrongLine(
        "channels_in: 10", "channels_in: 31",
        "t.yaml:31:22: channels_in: 31 is more than the trunk's 30 channels; "
            + "write 30 or less"),
    WrongLine(
        "match: [127.0.0.4]", "match: [127.0.0.0/29]",
        "t.yaml:29:17: trunk 'beta-1' and dialer 'vicidial' (line 7) both match 127.0.0.0/29; "
            + "a source belongs to one: change 'match' of either, or write 'match: []' for a "
            + "trunk that calls from its own address and port only"),
    WrongLine(
        "match: [127.0.0.4]", "match: [127.0.0.3]",
        "t.yaml:29:17: trunk 'beta-1' and trunk 'alpha-1' (line 15) both match 127.0.0.3; "
            + "a source belongs to one: change 'match' of either, or write 'match: []' for a "
            + "trunk that calls from its own address and port only"),
    WrongLine(
        "        cps: 10\n", "        # no cps\n",
        "t.yaml:18:19: 'cps_wait' without 'cps'; add 'cps' or take it out"),
    WrongLine(
        "address: sip:127.0.0.4:5080", "address: sip:[::1]:5080",
        "t.yaml:28:18: no listener speaks udp over IPv6, which '::1' needs; add one to "
            + "'listen', e.g. udp://[::]:5060"),
    WrongLine(
        "address: sip:127.0.0.4:5080", "address: sip:127.0.0.4:5080;transport=tcp",
        "t.yaml:28:18: no listener speaks tcp over IPv4, which '127.0.0.4' needs; add one to "
            + "'listen', e.g. tcp://0.0.0.0:5060"),
    WrongLine(
        "        channels: 50", "        address: sip:127.0.0.3\n        channels: 50",
        "t.yaml:16:18: a trunk with both 'register' and 'address'; the registration names the "
            + "address already: take 'address' out"),
    WrongLine(
        "contact: sip:127.0.0.2:5060", "# no contact",
        "t.yaml:42:9: dialer 'vicidial' has no 'contact' to send inbound calls to; add "
            + "'contact: sip:HOST:PORT' to it"),
    WrongLine(
        "503, 504]", "503, 486]",
        "t.yaml:22:43: failover_on: 486 is the callee's own answer and ends the search; "
            + "take it out"),
]

private let values = [
    WrongLine(
        "qualify: 30s", "qualify: 30",
        "t.yaml:19:18: qualify: '30' has no unit; write 30s for seconds or 30ms"),
    WrongLine(
        "        channels: 50\n", "",
        "t.yaml:14:9: a trunk without 'channels'; add e.g. 'channels: 50'"),
    WrongLine(
        "near_cap: 80%", "near_cap: 120%",
        "t.yaml:23:19: near_cap: '120%' is not a share; write it like 80%, from 1% to 100%"),
    WrongLine(
        "channels: 50", "channels: 0",
        "t.yaml:16:19: channels: '0' is not a number from 1 to 100000"),
    WrongLine(
        "udp://127.0.0.1:5062", "ws://127.0.0.1:5062",
        "t.yaml:3:10: listen: this version does not support ws; use udp, tcp or tls"),
    WrongLine(
        "match: [127.0.0.2, 10.0.0.0/24]", "match: [127.0.0.2, 10.0.0.0/40]",
        "t.yaml:7:24: match: '10.0.0.0/40' has no prefix length from 0 to 32 after the slash"),
    WrongLine(
        "policy: priority", "policy: prioritty",
        "t.yaml:35:13: unknown policy 'prioritty'; did you mean 'priority'?"),
    WrongLine(
        "maintenance: []", "maintenance: [\"02:00\"]",
        "t.yaml:24:23: maintenance: '02:00' is no maintenance window; write it like "
            + "'sun 02:00-04:00 -05:00' or 2026-12-06T02:00:00Z/2026-12-06T04:00:00Z"),
    WrongLine(
        "prefix: \"+1\"", "prefix: \"1\"",
        "t.yaml:33:13: prefix: numbers are E.164 when a route is chosen; did you mean '+1'?"),
    WrongLine(
        "${DIALER_SECRET}", "${NO_SUCH}",
        "t.yaml:8:11: auth: the environment variable NO_SUCH is not set; "
            + "set it before the program starts"),
    WrongLine(
        "reference: from_display", "reference: from_dispaly",
        "t.yaml:10:16: 'from_dispaly' is no place for a reference; write from_display or a "
            + "header's name"),
    WrongLine(
        "contact: sip:127.0.0.2:5060", "contact: sip:nowhere.example",
        "t.yaml:9:14: the host name 'nowhere.example' has no address; check the name and this "
            + "machine's DNS, or write the address"),
    WrongLine(
        "ledger: ./ledger", "ledger:",
        "t.yaml:2:1: 'ledger' has no value; give it one, or take the line out"),
    WrongLine(
        "secret@127.0.0.3:5070", "secret@127.0.0.3:5070/7:7",
        "t.yaml:15:19: register: '7:7' is no user part; write only what stands before the @"),
    WrongLine(
        "address: sip:127.0.0.4:5080", "address: sip:127.0.0.4:5080\n        contacts: [4000]",
        "t.yaml:29:19: 'contacts' without 'register'; a carrier that knows our address calls any "
            + "user there: take it out"),
    WrongLine(
        "reference: from_display", "reference: from_display\n    auth_digests: [sha-257]",
        "t.yaml:11:20: auth_digests: 'sha-257' is none of its digests; did you mean 'sha-256'?"),
]

@Test(arguments: keysAndNames + contradictions + values)
func aWrongLineIsNamedWithWhatWasMeant(line: WrongLine) throws {
    try #require(sampleConfiguration.contains(line.old))
    let text = sampleConfiguration.replacingOccurrences(of: line.old, with: line.new)
    #expect(problems(text) == line.problems)
}

@Test func everyProblemOfAFileIsNamedAtOnce() {
    let text = """
        node: a
        ledger: b
        listen: [udp://127.0.0.1:5062, udp://127.0.0.1:5062]
        dialers: {name: x}
        carriers:
          - trunks: []
        """
    #expect(
        problems(text) == [
            "t.yaml:3:32: 'udp://127.0.0.1:5062' is written twice; keep one",
            "t.yaml:4:10: 'dialers' is a section; write a list, each element after '- '",
            "t.yaml:6:5: a carrier without 'name'; add e.g. 'name: alpha'",
        ])
}

@Test(arguments: [
    ("", "t.yaml:1:1: the file is empty; the README shows a first configuration"),
    ("- a\n", "t.yaml:1:1: the configuration is a list; write it as 'key: value' lines"),
    (
        "node: a\nnode: b\n",
        "t.yaml:1:1: 'node' is written twice in the section that begins here; keep one"
    ),
    (
        "node: [a\nledger: b\n",
        "t.yaml:2:7: not YAML (did not find expected ',' or ']'); check indentation, colons and "
            + "quotes here and on the line above"
    ),
])
func whatIsNoConfigurationSaysWhere(text: String, problem: String) {
    #expect(problems(text) == [problem])
}

@Test func listeningEverywhereNeedsAnAddressToShow() {
    let text = "node: a\nledger: b\nlisten: udp://0.0.0.0:5060\n"
    #expect(
        problems(text) == [
            "t.yaml:3:9: listening on every address needs 'advertise'; add 'advertise: ' with the "
                + "address that carriers see"
        ])
    #expect(problems(text + "advertise: 192.0.2.1\n") == [])
    #expect(problems(text + "advertise: pbx.example\n") == [])
    let other = problems(text + "advertise: \"[2001:db8::1]\"\n")
    #expect(other.first?.hasPrefix("t.yaml:3:9: listening on every address of one family") == true)
}

@Test func namesOfSourcesAndDialersAreLookedUpOnce() throws {
    let text = sampleConfiguration
        .replacingOccurrences(of: "match: [127.0.0.4]", with: "match: [gw.example]")
        .replacingOccurrences(of: "sip:127.0.0.2:5060", with: "sip:gw.example")
    let agent = try parse(text).agent
    #expect(agent.trunks.last?.sources.map(\.description) == ["127.0.0.9"])
    #expect(agent.dialers.first?.contact?.description == "udp:127.0.0.9:5060")
}

@Test func probingCanBeSwitchedOff() throws {
    let text = sampleConfiguration.replacingOccurrences(of: "qualify: 30s", with: "qualify: off")
    #expect(try parse(text).agent.trunks.first?.probeInterval == nil)
}

@Test func emergencyNumbersMayHaveARouteOfTheirOwn() throws {
    let text = sampleConfiguration.replacingOccurrences(
        of: "routes:\n", with: "routes:\n  - prefix: \"911\"\n    trunks: [beta-1]\n")
    #expect(try parse(text).agent.routes.map(\.prefix) == ["911", "+1"])
}

@Test func accountsWithOneCarrierAreToldApartByTheirUsers() throws {
    let second = { (user: String) in
        sampleConfiguration.replacingOccurrences(
            of: "address: sip:127.0.0.4:5080\n        match: [127.0.0.4]",
            with: "register: \(user):secret@127.0.0.3:5070")
    }
    #expect(try parse(second("2125550199")).agent.trunks.count == 2)
    #expect(problems(second("2125550100")).count == 1)
}

/// `/extension` of the string is the first, as Asterisk has it.
@Test func aRegistrationMayHaveSeveralContacts() throws {
    let string = "secret@127.0.0.3:5070"
    let one = sampleConfiguration.replacingOccurrences(of: string, with: string + "/4000")
    #expect(try parse(one).agent.trunks.first?.registration?.contacts == ["4000"])
    let three = one.replacingOccurrences(
        of: "        channels: 50",
        with: "        contacts: [\"+12125550101\", 4000, 4001]\n        channels: 50")
    let registration = try #require(try parse(three).agent.trunks.first?.registration)
    #expect(registration.contacts == ["4000", "+12125550101", "4001"])
    #expect(registration.calledUsers.first == "2125550100")
    let did = three.replacingOccurrences(of: "did: \"+12125550100\"", with: "did: 4001")
    #expect(try parse(did).agent.inboundNumbers.map(\.number) == ["4001"])
    #expect(problems(sampleConfiguration.replacingOccurrences(
        of: "did: \"+12125550100\"", with: "did: 4001")).count == 1)
}

/// An inbound call must tell by its user whose it is.
@Test func accountsThatShareAContactAreNotToldApart() {
    let text = sampleConfiguration
        .replacingOccurrences(of: "secret@127.0.0.3:5070", with: "secret@127.0.0.3:5070/4000")
        .replacingOccurrences(
            of: "address: sip:127.0.0.4:5080\n        match: [127.0.0.4]",
            with: "register: 2125550199:secret@127.0.0.3:5070/4000")
    #expect(problems(text).count == 1)
}

@Test func aDialersDigestsAreMD5UnlessNamed() throws {
    #expect(try parse(sampleConfiguration).agent.dialers.first?.digests == [.md5])
    let text = sampleConfiguration.replacingOccurrences(
        of: "reference: from_display",
        with: "reference: from_display\n    auth_digests: [sha-512-256, sha-256]")
    #expect(try parse(text).agent.dialers.first?.digests == [.sha512Slash256, .sha256])
}
