import Testing

@testable import Ledger

@Suite struct XXH64Tests {
    /// Published test values of the algorithm, seed 0.
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999),
            ("a", 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0x44BC_2CF5_AD77_0999),
            ("xxhash", 0x32DD_3895_2C4B_C720),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)])
    func publishedValuesHold(text: String, expected: UInt64) {
        #expect(XXH64.hash(Array(text.utf8).span.bytes) == expected)
    }

    @Test func aChangedWordIsAlwaysSeen() {
        let sound = [UInt8](0..<100)
        let sum = XXH64.hash(sound.span.bytes)
        for offset in sound.indices {
            var bytes = sound
            bytes[offset] ^= 0x81
            #expect(XXH64.hash(bytes.span.bytes) != sum)
        }
    }
}
