/// What is due when, the earliest first; of what is due at once, what was added first.
struct DueQueue<Element: Sendable>: Sendable {
    private struct Entry: Sendable {
        var due: Int64
        var number: UInt64
        var element: Element

        func precedes(_ other: Entry) -> Bool {
            (due, number) < (other.due, other.number)
        }
    }

    /// A binary heap: no entry is due before its parent, the one at half its place.
    private var entries: [Entry] = []
    private var added: UInt64 = 0

    mutating func add(_ element: Element, due: Int64) {
        entries.append(Entry(due: due, number: added, element: element))
        added += 1
        var place = entries.count - 1
        while place > 0, entries[place].precedes(entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes out what is due first.
    mutating func removeFirst() -> (due: Int64, element: Element) {
        precondition(!entries.isEmpty, "something is due")
        entries.swapAt(0, entries.count - 1)
        let first = entries.removeLast()
        var place = 0
        while true {
            var earliest = place
            for child in [2 * place + 1, 2 * place + 2] where child < entries.count {
                if entries[child].precedes(entries[earliest]) { earliest = child }
            }
            if earliest == place { return (first.due, first.element) }
            entries.swapAt(place, earliest)
            place = earliest
        }
    }
}
