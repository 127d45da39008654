import Testing

@testable import Recorder

@Suite struct DurableWaitsTests {
    private final class Told {
        var lines: [String] = []

        func note(_ name: String) -> DurableWaits.Completion {
            { result in
                switch result {
                case .success: self.lines.append("\(name) is durable")
                case .failure(let error): self.lines.append("\(name): \(error)")
                }
            }
        }
    }

    @Test func eachIsToldOnceItsFactIsDurable() {
        var waits = DurableWaits()
        let told = Told()
        waits.add(until: 2, told.note("a"))
        waits.add(until: 4, told.note("b"))
        waits.reached(1)
        #expect(told.lines == [])
        waits.reached(3)
        #expect(told.lines == ["a is durable"])
        waits.reached(4)
        #expect(told.lines == ["a is durable", "b is durable"])
        #expect(waits.isEmpty)
    }

    @Test func atTheEndNobodyIsLeftWaiting() {
        var waits = DurableWaits()
        let told = Told()
        waits.add(until: 2, told.note("a"))
        waits.end(.stopped)
        waits.add(until: 3, told.note("b"))
        #expect(told.lines == ["a: \(RecorderError.stopped)", "b: \(RecorderError.stopped)"])
        #expect(waits.isEmpty)
    }
}
