/// How many slips of the finger lie between two words.
enum TextDistance {
    /// Insertions, deletions, replacements and swaps of neighbours that make `a` into `b`
    /// (optimal string alignment), letters compared without regard to case.
    static func between(_ a: String, _ b: String) -> Int {
        let a = Array(a.lowercased().unicodeScalars)
        let b = Array(b.lowercased().unicodeScalars)
        var older: [Int] = []
        var old = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(row[j] + 1, old[j + 1] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, older[j - 1] + 1)
                }
                row.append(best)
            }
            older = old
            old = row
        }
        return old[b.count]
    }

    /// The word that was probably meant: at most a third of its letters differ.
    static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let ranked = candidates.map { (distance: between(word, $0), word: $0) }
        guard let best = ranked.min(by: { ($0.distance, $0.word) < ($1.distance, $1.word) }) else {
            return nil
        }
        return best.distance <= max(1, best.word.count / 3) ? best.word : nil
    }

    /// `did you mean 'x'?`, or what there is to choose from.
    static func advice(
        for word: String, among candidates: [String], of what: String
    ) -> String {
        if let nearest = nearest(to: word, among: candidates) {
            return "did you mean '\(nearest)'?"
        }
        guard !candidates.isEmpty else { return "there are no \(what)" }
        return "the \(what) are \(candidates.sorted().joined(separator: ", "))"
    }
}
