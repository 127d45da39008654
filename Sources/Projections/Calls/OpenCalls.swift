import TrunkEvents

/// The calls that are not over, or still hold a channel.
///
/// A call that is being set up or ends is changed where it lies. Nothing happens to an answered
/// call until its end, and thousands are held at once: such a call is kept as its encoding, which
/// takes a quarter of the memory and is there already when the state is saved. A rebuild saves the
/// work instead.
struct OpenCalls: Sendable {
    private let encodesHeld: Bool
    private var told = CallTable<OpenCall>()
    /// Answered calls, encoded.
    private var held = CallTable<[UInt8]>()

    init(encodesHeld: Bool = true) { self.encodesHeld = encodesHeld }

    var count: Int { told.count + held.count }

    subscript(_ id: CallID) -> OpenCall? {
        get {
            if let place = told.place(of: id) { return told.values[place] }
            return held.place(of: id).map { Self.decoded(held.values[$0]) }
        }
        set {
            if let place = told.place(of: id) { told.remove(at: place) }
            if let place = held.place(of: id) { held.remove(at: place) }
            guard let newValue else { return }
            told.append(id, newValue)
            settle(at: told.count - 1)
        }
    }

    /// Puts in a call that begins, in the place of one of that id.
    mutating func begin(_ id: CallID, _ call: consuming OpenCall) {
        if told.place(of: id) != nil || held.place(of: id) != nil { self[id] = nil }
        told.append(id, call)
    }

    /// Changes the call, where there is one.
    mutating func change(_ id: CallID, _ body: (inout OpenCall) -> Void) {
        guard let place = told.find(id) ?? takeOut(id) else { return }
        body(&told.values[place])
        settle(at: place)
    }

    /// Hands out the records of the attempts that are finished. What is told in full is forgotten
    /// with that: the whole call, or attempts.
    mutating func takeRecords(
        of id: CallID, node: ShortName?, closedBy stamp: Stamp,
        _ body: (borrowing MadeRecord) -> Void
    ) {
        guard let place = told.find(id) ?? takeOut(id) else { return }
        if told.values.span[place].isPending { return settle(at: place) }
        let count = told.values[place].forEachRecord(
            id, node: node, closedBy: stamp, body)
        let isOver = told.values.span[place].isOver
        if isOver, count == told.values.span[place].attempts.count {
            told.remove(at: place)
            return
        }
        if count > 0 {
            told.values[place].attempts.removeAll { $0.isFinished(callIsOver: isOver) }
        }
        settle(at: place)
    }

    /// Every call, the oldest first.
    var inOrder: [(id: CallID, call: OpenCall)] {
        let all = zip(told.keys, told.values).map { (id: $0, call: $1) }
        let encoded = zip(held.keys, held.values).map { (id: $0, call: Self.decoded($1)) }
        return (all + encoded).sorted { $0.id < $1.id }
    }

    /// The beginning of the call that began first.
    var earliestStart: WallInstant? {
        let starts = told.values.lazy.map(\.started.wall)
        let encoded = held.values.lazy.map { Self.decoded($0).started.wall }
        return [starts.min(), encoded.min()].compactMap(\.self).min()
    }

    /// Puts a call that is held from its encoding among the others.
    private mutating func takeOut(_ id: CallID) -> Int? {
        guard let place = held.place(of: id) else { return nil }
        told.append(id, Self.decoded(held.take(at: place)))
        return told.count - 1
    }

    /// Encodes the call there, if it is held.
    private mutating func settle(at place: Int) {
        guard encodesHeld, told.values.span[place].isHeld else { return }
        let id = told.keys[place]
        held.append(id, Self.encoded(told.take(at: place)))
    }

    private static func encoded(_ call: OpenCall) -> [UInt8] {
        let bytes = call.encoded
        // Copied once more: an array that has grown has room left.
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        kept.append(contentsOf: bytes)
        return kept
    }

    private static func decoded(_ bytes: [UInt8]) -> OpenCall {
        guard let call = try? OpenCall(decoding: bytes) else {
            preconditionFailure("what was encoded here can be decoded")
        }
        return call
    }
}

extension OpenCalls: StateCodable {
    /// As one table of both.
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        let order = (told.keys + held.keys).enumerated().sorted {
            $0.element.isEncodedBefore($1.element)
        }
        for (place, id) in order {
            encoder.write(id)
            if place < told.count {
                encoder.write(told.values[place])
            } else {
                encoder.append(contentsOf: held.values[place - told.count])
            }
        }
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init()
        try decoder.readEntries { (id, decoder) throws(StateDecodingError) in
            let call: OpenCall = try decoder.read()
            self[id] = call
        }
    }
}
