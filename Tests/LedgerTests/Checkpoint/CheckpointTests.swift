import Testing

@testable import Ledger

@Suite struct CheckpointTests {
    @Test func theStandardsExampleIsRead() throws {
        let text = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            """
        let checkpoint = try #require(Checkpoint(text: text))
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.text == text)
        // Further lines are for others to understand.
        #expect(Checkpoint(text: text + "more\n") == checkpoint)
    }

    @Test(arguments: [
        "", "o\n1\n", "o\n1\nAAAA\n", "\n1\nROOT\n", "o\n01\nROOT\n", "o\n+1\nROOT\n",
        "o\n-1\nROOT\n", "o\n1\nROOT", "o\n1\nROOT\n\n", "o\n1\nROOT\n\nmore\n", "o o\n1\nROOT\n",
        "o\n18446744073709551616\nROOT\n",
    ])
    func anythingElseIsRefused(text: String) {
        let root = MerkleHash.empty.description
        #expect(Checkpoint(text: text.replacing("ROOT", with: root)) == nil)
    }

    @Test func theOriginNamesTheLedger() {
        let ledger = LedgerID(high: 1, low: 0xAB)
        #expect(
            Checkpoint.origin(of: ledger) == "trunkledger/000000000000000100000000000000ab")
    }
}
