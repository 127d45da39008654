import TrunkEvents

/// The calls that are not over, or still hold a channel.
///
/// Nothing happens to an answered call until its end, and thousands are held at once: such a call
/// is kept as its encoding, which takes a quarter of the memory and is there already when the
/// state is saved.
struct OpenCalls: Sendable {
    fileprivate enum Entry: Sendable {
        indirect case open(OpenCall)
        case held([UInt8])
    }

    private var entries: [CallID: Entry] = [:]

    var count: Int { entries.count }

    subscript(_ id: CallID) -> OpenCall? {
        get { entries[id]?.call }
        set { entries[id] = newValue.map { Entry($0) } }
    }

    /// Changes the call, where there is one.
    mutating func change(_ id: CallID, _ body: (inout OpenCall) -> Void) {
        guard let index = entries.index(forKey: id) else { return }
        var call = entries.values[index].call
        body(&call)
        entries.values[index] = Entry(call)
    }

    /// Every call, the oldest first.
    var inOrder: [(id: CallID, call: OpenCall)] {
        entries.map { (id: $0.key, call: $0.value.call) }.sorted { $0.id < $1.id }
    }

    /// The beginning of the call that began first.
    var earliestStart: WallInstant? {
        entries.values.lazy.map(\.call.started.wall).min()
    }
}

extension OpenCalls.Entry: StateCodable {
    init(_ call: OpenCall) {
        guard call.isHeld else {
            self = .open(call)
            return
        }
        let bytes = call.encoded
        // Copied once more: an array that has grown has room left.
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        kept.append(contentsOf: bytes)
        self = .held(kept)
    }

    var call: OpenCall {
        switch self {
        case .open(let call): return call
        case .held(let bytes):
            guard let call = try? OpenCall(decoding: bytes) else {
                preconditionFailure("what was encoded here can be decoded")
            }
            return call
        }
    }

    func encode(into encoder: inout StateEncoder) {
        switch self {
        case .open(let call): encoder.write(call)
        case .held(let bytes): encoder.append(contentsOf: bytes)
        }
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(try decoder.read() as OpenCall)
    }
}

extension OpenCalls: StateCodable {
    func encode(into encoder: inout StateEncoder) { encoder.write(entries) }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        entries = try decoder.read()
    }
}

extension OpenCall {
    /// Answered, and nothing is known of its end.
    fileprivate var isHeld: Bool { answer != nil && !isOver }
}
