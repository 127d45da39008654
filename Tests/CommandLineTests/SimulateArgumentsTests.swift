import SIPAgent
import Testing
import TrunkEvents

@testable import trunkledger

@Suite struct SimulateArgumentsTests {
    @Test(arguments: [
        ("+1212555%04d", 7, "+12125550007"), ("+1212555%04d", 12_345, "+121255512345"),
        ("9%d", 7, "97"), ("%02d00", 7, "0700"), ("911", 7, "911"),
    ]) func patternsBecomeNumbers(pattern: String, count: Int, number: String) throws {
        #expect(try #require(NumberPattern(argument: pattern)).text(count) == number)
    }

    @Test(arguments: ["", "%s", "+1%x", "%d%d", "12%", "sip:1@x"])
    func otherPatternsAreRefused(pattern: String) {
        #expect(NumberPattern(argument: pattern) == nil)
    }

    @Test func endpointsAreReadInBothFamilies() throws {
        let v4 = try #require(EndpointArgument(argument: "127.0.0.3:5070"))
        #expect(v4.endpoint == Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5_070))
        let v6 = try #require(EndpointArgument(argument: "[::1]:5070"))
        #expect(v6.endpoint == Endpoint(address: IPAddress(high: 0, low: 1), port: 5_070))
    }

    @Test(arguments: ["127.0.0.3", "127.0.0.3:0", "127.0.0.3:70000", "localhost:5070", ":5070"])
    func otherEndpointsAreRefused(text: String) {
        #expect(EndpointArgument(argument: text) == nil)
    }

    @Test(arguments: ["192.0.2.1:5060", "0.0.0.0:5060", "[2001:db8::1]:5060"])
    func onlyLoopbackIsTalkedTo(text: String) throws {
        let argument = try #require(EndpointArgument(argument: text))
        #expect(throws: (any Error).self) { try argument.requireLoopback("--target") }
    }

    @Test func aSecretMayHoldColons() throws {
        let argument = try #require(CredentialsArgument(argument: "alice:a:b"))
        #expect(argument.credentials.user == "alice")
        #expect(argument.credentials.password == "a:b")
        #expect(CredentialsArgument(argument: "alice") == nil)
        #expect(CredentialsArgument(argument: ":secret") == nil)
    }
}
