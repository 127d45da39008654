import TestSupport
import TrunkEvents

extension SeededGenerator {
    mutating func happens(_ chance: Int, in whole: Int) -> Bool {
        chance > 0 && Int.random(in: 0..<whole, using: &self) < chance
    }

    mutating func percent(_ percent: Int) -> Bool { happens(percent, in: 100) }

    mutating func milliseconds(_ range: ClosedRange<Int64>) -> Nanoseconds {
        .milliseconds(Int64.random(in: range, using: &self))
    }

    /// One of them, each as likely as the others.
    mutating func one<Element>(of choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }
}
