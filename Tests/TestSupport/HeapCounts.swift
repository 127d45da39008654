/// What `TrafficWorkload` counted: lines of a name and a number.
public struct HeapCounts: Sendable {
    private let counts: [Substring: Int]

    public init(_ outcome: Outcome) {
        let pairs = outcome.lines.compactMap { line -> (Substring, Int)? in
            let words = line.split(separator: " ")
            guard words.count == 2, let count = Int(words[1]) else { return nil }
            return (words[0], count)
        }
        counts = Dictionary(pairs) { $1 }
    }

    public subscript(_ name: Substring) -> Int? { counts[name] }
}
