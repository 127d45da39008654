import Testing

@testable import SIPAgent

@Suite struct OutOfLineTests {
    private struct Holder {
        @OutOfLine var value: [Int]?
    }

    @Test func aCopyKeepsItsOwnValue() {
        var first = Holder()
        #expect(first.value == nil)
        first.value = [1]
        var second = first
        second.value?.append(2)
        #expect(first.value == [1])
        #expect(second.value == [1, 2])
        second.value = nil
        #expect(second.value == nil && first.value == [1])
    }

    @Test func anAbsentValueTakesEightBytes() {
        #expect(MemoryLayout<Holder>.size == 8)
        #expect(MemoryLayout<OutOfLine<(Int, Int, Int, Int)>>.size == 8)
    }
}
