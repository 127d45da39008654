import Testing

@testable import Ledger

@Suite struct VerifierKeyTests {
    @Test func aKeyIsReadBackWithWhiteSpaceAround() throws {
        let key = SigningKey.random(name: "trunkledger/1").verifier
        #expect(VerifierKey(key.description) == key)
        #expect(VerifierKey(" \(key)\n") == key)
    }

    @Test func anotherNameOrTypeIsRefused() throws {
        let key = SignedNoteTests.key
        for (part, other) in [
            ("foo", "bar"), ("530d903a", "530d903b"), ("530d903a", "530D903A"),
            ("+Aeky", "+Beky"), ("U2k", "U2"), ("com", "c m"), ("example.com/foo", ""),
        ] {
            #expect(VerifierKey(key.replacing(part, with: other)) == nil, "\(other)")
        }
        #expect(VerifierKey("\(key) \(key)") == nil)
        #expect(VerifierKey("") == nil)
    }
}
