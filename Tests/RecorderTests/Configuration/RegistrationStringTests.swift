import Testing
import TrunkEvents

@testable import Recorder

@Test func everyPartOfARegistrationStringIsFound() throws {
    let parts = try RegistrationString(
        "udp://2125550100@sip.example:p@ss:login@127.0.0.3:5070/4000~300")
    #expect(parts.user == "2125550100")
    #expect(parts.domain == "sip.example")
    #expect(parts.secret == "p@ss")
    #expect(parts.authUser == "login")
    #expect(parts.registrar.host == "127.0.0.3")
    #expect(parts.registrar.port == 5070)
    #expect(parts.contact == "4000")
    #expect(parts.expirySeconds == 300)
}

@Test(
    arguments: [
        ("joe:secret@host", .udp), ("tcp://joe:secret@host:5070", .tcp),
        ("joe:secret@host:5070;transport=tcp~300", .tcp),
    ] as [(String, TransportProtocol)])
func theTransportStandsBeforeOrBehind(text: String, transport: TransportProtocol) throws {
    let parts = try RegistrationString(text)
    #expect(parts.transport == transport)
    #expect(parts.secret == "secret")
    #expect(parts.registrar.host == "host")
}

@Test func whatMayBeLeftOutMayBeLeftOut() throws {
    let short = try RegistrationString("joe@carrier.example")
    #expect(short.user == "joe")
    #expect(short.secret == nil)
    #expect(short.domain == nil)
    #expect(short.registrar.host == "carrier.example")
    #expect(short.registrar.port == nil)
    let usual = try RegistrationString("2125550100:secret@[2001:db8::1]:5070")
    #expect(usual.secret == "secret")
    #expect(usual.registrar.literal?.description == "2001:db8::1")
    #expect(usual.registrar.port == 5070)
}

@Test(
    arguments: [
        ("joe:file:/run/secrets/joe@h", "file:/run/secrets/joe", nil),
        ("joe:file:secret.txt:login@h", "file:secret.txt", "login"),
        ("joe:${JOE}@h", "${JOE}", nil),
        ("joe:${JOE}:login@h", "${JOE}", "login"),
    ] as [(String, String, String?)])
func aSecretMayStandElsewhere(text: String, secret: String, authUser: String?) throws {
    let parts = try RegistrationString(text)
    #expect(parts.secret == secret)
    #expect(parts.authUser == authUser)
}

@Test(arguments: [
    "nothing", ":secret@host", "joe:secret@", "joe:secret@host:0", "joe:secret@host:99999",
    "joe:a:b:c@host", "ws://joe:secret@host", "joe:secret@host;lr", "joe:secret@host~5",
    "joe:secret@host/", "joe:secret@2001:db8::1", "joe:secret@1.2.3.4.5",
])
func aWrongStringIsRefusedWithoutItsSecret(text: String) {
    let problem = #expect(throws: TextProblem.self) { try RegistrationString(text) }
    let quoted = problem?.message.replacing("user:secret@host:port", with: "")
    #expect(quoted?.contains("joe:") == false && quoted?.contains("secret@") == false)
}
