import Foundation
import SIPAgent
import TestSupport
import Testing
import TrunkEvents

@testable import Recorder

/// The sample that users are shown first.
let sampleConfiguration = """
    node: pbx1
    ledger: ./ledger
    listen: [udp://127.0.0.1:5062]
    advertise: 203.0.113.10
    dialers:
      - name: vicidial
        match: [127.0.0.2, 10.0.0.0/24]
        auth: user:${DIALER_SECRET}
        contact: sip:127.0.0.2:5060
        reference: from_display
    carriers:
      - name: alpha
        trunks:
          - name: alpha-1
            register: 2125550100:secret@127.0.0.3:5070
            channels: 50
            cps: 10
            cps_wait: 500ms
            qualify: 30s
            progress_timeout: 6s
            no_answer_timeout: 60s
            failover_on: [408, 500, 502, 503, 504]
            near_cap: 80%
            maintenance: []
      - name: beta
        trunks:
          - name: beta-1
            address: sip:127.0.0.4:5080
            match: [127.0.0.4]
            channels: 30
            channels_in: 10
    routes:
      - prefix: "+1"
        trunks: [alpha-1, beta-1]
        policy: priority
    numbers:
      country: "1"
      international: ["011", "00"]
      emergency: ["911", "933"]
    inbound:
      - did: "+12125550100"
        to: vicidial

    """

let sampleSurroundings = ConfigurationSurroundings(
    variable: { $0 == "DIALER_SECRET" ? "pa55word" : nil },
    contents: { _ throws(FileProblem) in throw FileProblem(reason: "No such file") },
    addresses: { $0 == "gw.example" ? [IPAddress(v4: 0x7F00_0009)] : [] })

func parse(_ text: String) throws(ConfigurationError) -> RecorderConfiguration {
    try RecorderConfiguration.parse(text, file: "t.yaml", surroundings: sampleSurroundings)
}

@Test func theSampleIsUnderstood() throws {
    let configuration = try parse(sampleConfiguration)
    #expect(configuration.file == "t.yaml")
    #expect(configuration.ledgerPath == "./ledger")
    let agent = configuration.agent
    #expect(agent.node.description == "pbx1")
    #expect(agent.listeners.map(\.description) == ["udp:127.0.0.1:5062"])
    #expect(agent.advertisedHost == "203.0.113.10")
    #expect(agent.numbering.country == "1")
    #expect(agent.numbering.internationalPrefixes == ["011", "00"])
    #expect(agent.numbering.emergencyNumbers == ["911", "933"])
    #expect(agent.routes.map(\.prefix) == ["+1"])
    #expect(agent.routes.map { $0.trunks.map(\.name.description) } == [["alpha-1", "beta-1"]])
    #expect(agent.inboundNumbers.map(\.number) == ["+12125550100"])
    #expect(agent.inboundNumbers.map(\.dialer.description) == ["vicidial"])
}

@Test func theSamplesDialerIsUnderstood() throws {
    let dialer = try #require(try parse(sampleConfiguration).agent.dialers.first)
    #expect(dialer.name.description == "vicidial")
    #expect(dialer.sources.map(\.description) == ["127.0.0.2", "10.0.0.0/24"])
    #expect(dialer.credentials == Credentials(user: "user", password: "pa55word"))
    #expect(dialer.contact?.description == "udp:127.0.0.2:5060")
    #expect(dialer.reference == .fromDisplay)
}

@Test func theSamplesTrunksAreUnderstood() throws {
    let trunks = try parse(sampleConfiguration).agent.trunks
    let alpha = try #require(trunks.first)
    #expect(alpha.name.description == "alpha-1")
    #expect(alpha.carrier.description == "alpha")
    #expect(alpha.server.description == "udp:127.0.0.3:5070")
    #expect(alpha.domain == "127.0.0.3")
    #expect(alpha.sources.map(\.description) == ["127.0.0.3"])
    #expect(alpha.registration?.user == "2125550100")
    #expect(
        alpha.registration?.credentials == Credentials(user: "2125550100", password: "secret"))
    #expect(alpha.channels == ChannelLimits(total: 50, nearCapPercent: 80))
    #expect(
        alpha.callsPerSecond == CallRateLimit(callsPerSecond: 10, waitLimit: .milliseconds(500)))
    #expect(alpha.probeInterval == .seconds(30))
    #expect(alpha.progressTimeout == .seconds(6))
    #expect(alpha.noAnswerTimeout == .seconds(60))
    #expect(alpha.failoverCodes.map(\.rawValue).sorted() == [408, 500, 502, 503, 504])
    let beta = try #require(trunks.last)
    #expect(beta.registration == nil)
    #expect(beta.server.description == "udp:127.0.0.4:5080")
    #expect(beta.channels == ChannelLimits(total: 30, inbound: 10))
}

@Test func aSecretIsNeverShown() throws {
    let configuration = try parse(sampleConfiguration)
    var dumped = "\(configuration)"
    dump(configuration, to: &dumped)
    #expect(!dumped.contains("pa55word"))
}

@Test func aFileIsReadWithItsOwnFolderInView() throws {
    try withTemporaryDirectory { folder in
        let path = "\(folder)/trunkledger.yaml"
        try "node: a\nledger: ./data\nlisten: udp://127.0.0.1:5062\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        let configuration = try RecorderConfiguration.load(path: path)
        #expect(configuration.ledgerPath == "\(folder)/data")
        #expect(try RecorderConfiguration.ledgerPath(inFile: path) == "\(folder)/data")
    }
}

@Test func aMissingFileSaysSo() {
    let error = #expect(throws: ConfigurationError.self) {
        try RecorderConfiguration.load(path: "/nowhere/t.yaml")
    }
    #expect(
        error?.description == "cannot read the configuration /nowhere/t.yaml: "
            + "No such file or directory; give its path with --config")
}
