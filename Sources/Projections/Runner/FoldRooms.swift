import Dispatch

/// Stretches that every lane has seen and that are filled again: fresh memory costs more than what
/// is put into it.
// @unchecked: `free` is only touched on `queue`.
final class FoldRooms: @unchecked Sendable {
    private let queue = DispatchQueue(label: "trunkledger.rooms")
    private var free: [FoldStretch] = []

    /// An empty stretch.
    func take() -> FoldStretch {
        var stretch = queue.sync { free.popLast() } ?? FoldStretch()
        stretch.removeAll()
        return stretch
    }

    fileprivate func give(_ stretch: FoldStretch) {
        queue.sync { free.append(stretch) }
    }
}

/// A stretch that lanes share. Whoever lets go of it last gives its room back.
final class SharedStretch: Sendable {
    let stretch: FoldStretch
    private let rooms: FoldRooms

    init(_ stretch: FoldStretch, _ rooms: FoldRooms) {
        self.stretch = stretch
        self.rooms = rooms
    }

    deinit { rooms.give(stretch) }
}
