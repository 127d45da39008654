import TrunkEvents

/// What is to happen, earliest first; what is due at the same instant in the order in which it was
/// planned. A binary heap.
struct EventQueue<Happening> {
    private struct Entry {
        let at: MonotonicInstant
        let order: UInt64
        let happening: Happening

        func precedes(_ other: Entry) -> Bool {
            at == other.at ? order < other.order : at < other.at
        }
    }

    private var heap: [Entry] = []
    private var order: UInt64 = 0

    var next: MonotonicInstant? { heap.first?.at }

    mutating func insert(_ happening: Happening, at instant: MonotonicInstant) {
        order += 1
        heap.append(Entry(at: instant, order: order, happening: happening))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop(dueAt now: MonotonicInstant) -> Happening? {
        guard let first = heap.first, first.at <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return first.happening
    }
}
