import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct Base64Tests {
    @Test func textAndBytesAreTheStandards() {
        let seed = Seed(for: "textAndBytesAreTheStandards")
        var generator = seed.generator()
        for count in 0..<100 {
            let bytes = generator.bytes(count)
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString(), "\(seed)")
            #expect(Base64.decode(text.utf8) == bytes, "\(seed)")
        }
    }

    @Test(arguments: [
        "A", "AA", "AAA", "A===", "====", "AB==", "AAB=", "AA=A", "AA==AAAA", "AAA=====",
        "AAA\n", "AAA-", "AAA AAA=", " AAA",
    ])
    func nothingElseIsDecoded(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }
}
