import TrunkEvents

/// The calls that are not over, or still hold a channel.
///
/// A call that is being set up or ends is changed where it lies. Nothing happens to an answered
/// call until its end, and thousands are held at once: such a call is kept as its encoding, which
/// takes a quarter of the memory and is there already when the state is saved.
struct OpenCalls: Sendable {
    private var told = CallTable<OpenCall>()
    /// Answered calls, encoded.
    private var held = CallTable<[UInt8]>()

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
            settle(id, at: told.count - 1)
        }
    }

    /// Changes the call, where there is one.
    mutating func change(_ id: CallID, _ body: (inout OpenCall) -> Void) {
        guard let place = told.place(of: id) ?? takeOut(id) else { return }
        body(&told.values[place])
        settle(id, at: place)
    }

    /// The call, if a record can be made of it, or it can be forgotten.
    func news(of id: CallID) -> OpenCall? {
        guard let place = told.place(of: id) else {
            return self[id].flatMap { $0.hasNews ? $0 : nil }
        }
        return told.values[place].hasNews ? told.values[place] : nil
    }

    /// Every call, the oldest first.
    var inOrder: [(id: CallID, call: OpenCall)] {
        let all = zip(told.ids, told.values).map { (id: $0, call: $1) }
        let encoded = zip(held.ids, held.values).map { (id: $0, call: Self.decoded($1)) }
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
        told.append(id, Self.decoded(held.remove(at: place)))
        return told.count - 1
    }

    /// Encodes the call there, if it is held.
    private mutating func settle(_ id: CallID, at place: Int) {
        guard told.values[place].isHeld else { return }
        held.append(id, Self.encoded(told.remove(at: place)))
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
        let order = (told.ids + held.ids).enumerated().sorted {
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
        try decoder.readCalls { (id, decoder) throws(StateDecodingError) in
            let call: OpenCall = try decoder.read()
            self[id] = call
        }
    }
}
