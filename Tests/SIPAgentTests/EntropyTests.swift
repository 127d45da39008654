import Testing

@testable import SIPAgent

@Suite struct EntropyTests {
    @Test func aSeedRepeatsItself() {
        var first = Entropy.seeded(7)
        var second = Entropy.seeded(7)
        var other = Entropy.seeded(8)
        let numbers = (0..<100).map { _ in first.next() }
        #expect(numbers == (0..<100).map { _ in second.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
    }

    @Test func branchesCarryTheMagicCookie() {
        var entropy = Entropy.seeded(1)
        let branch = entropy.branch()
        #expect(Via.hasMagicCookie(branch[...]))
        #expect(branch.count == 31)
        #expect(Set((0..<1_000).map { _ in entropy.branch() }).count == 1_000)
    }

    @Test func tokensAreLowerCaseLettersAndDigits() {
        var entropy = Entropy.system
        for byte in entropy.tag() + entropy.callID() {
            #expect((97...122).contains(byte) || (50...55).contains(byte))
        }
    }
}
