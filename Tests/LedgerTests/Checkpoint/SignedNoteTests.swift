import TestSupport
import Testing

@testable import Ledger

@Suite struct SignedNoteTests {
    /// The example of C2SP's signed-note.
    static let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    static let note = """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm\
        RKuwHjG1Yu72IneyaQM=

        """

    @Test func theStandardsExampleIsValid() throws {
        let note = try #require(SignedNote(parsing: Array(Self.note.utf8)))
        let key = try #require(VerifierKey(Self.key))
        #expect(note.text == "This is an example message.\n")
        #expect(key.verdict(on: note) == .valid)
        #expect(note.encoded == Array(Self.note.utf8))
        #expect(key.description == Self.key)
    }

    @Test func anotherTextIsForged() throws {
        let changed = Self.note.replacing("example message", with: "example massage")
        let note = try #require(SignedNote(parsing: Array(changed.utf8)))
        let key = try #require(VerifierKey(Self.key))
        #expect(key.verdict(on: note) == .forged)
        let stranger = SigningKey.random(name: "example.com/foo").verifier
        #expect(stranger.verdict(on: note) == .unsigned)
    }

    @Test func theTextEndsAtTheLastEmptyLine() throws {
        let key = SigningKey.random(name: "a")
        let text = "one\n\n— a AAAAAAAA\n\ntwo\n"
        let note = try #require(key.sign(text))
        let parsed = try #require(SignedNote(parsing: note.encoded))
        #expect(parsed == note)
        #expect(key.verifier.verdict(on: parsed) == .valid)
    }

    @Test(arguments: [
        "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n\n", "text\n\nno dash\n",
        "text\n\n— name\n", "text\n\n— name AAAA\n", "text\n\n— na+me AAAAAAAA\n",
        "text\n\n—  AAAAAAAA\n", "text\n\n— name AAAAAAAA", "te\txt\n\n— name AAAAAAAA\n",
        "text\r\n\n— name AAAAAAAA\n", "text\n\n— name AAAAAAAA \n",
        "text\n\n— na\u{2003}me AAAAAAAA\n",
    ])
    func anythingElseIsRefused(note: String) {
        #expect(SignedNote(parsing: Array(note.utf8)) == nil)
    }

    @Test func noBytesCrashTheParsers() {
        let seed = Seed(for: "noBytesCrashTheParsers")
        var generator = seed.generator()
        let note = Array(Self.note.utf8)
        for _ in 0..<2_000 {
            var bytes = note
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator) / 2)
            if let parsed = SignedNote(parsing: bytes) {
                #expect(parsed.encoded == bytes, "\(seed)")
            }
            _ = SignedCheckpoint(parsing: bytes)
            _ = TlogProof(parsing: bytes)
            _ = SigningKey(parsing: bytes)
            _ = VerifierKey(String(decoding: bytes, as: UTF8.self))
        }
    }
}
