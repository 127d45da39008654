/// Header names to ids: an open-addressed table over (length, first, last byte), built once.
struct HeaderTable: Sendable {
    static let shared = HeaderTable()

    private static let slots = 256
    private static let empty = UInt8.max
    private let table: [UInt8]

    private init() {
        var table = [UInt8](repeating: Self.empty, count: Self.slots)
        for id in HeaderID.allCases where id != .other {
            let name = [UInt8](id.name)
            var slot = Self.slot(name.count, name[0], name[name.count - 1])
            while table[slot] != Self.empty { slot = (slot + 1) & (Self.slots - 1) }
            table[slot] = id.rawValue
        }
        self.table = table
    }

    @inline(__always)
    private static func slot(_ count: Int, _ first: UInt8, _ last: UInt8) -> Int {
        (count &* 37 &+ Int(first | 0x20) &* 11 &+ Int(last | 0x20) &* 5) & (slots - 1)
    }

    /// The id of the name in `lower..<upper`, in any case, long or compact.
    func id(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> HeaderID {
        let count = upper - lower
        if count == 1 { return HeaderID(compact: text[lower]) ?? .other }
        guard count > 1 else { return .other }
        var slot = Self.slot(count, text[lower], text[upper - 1])
        while table[slot] != Self.empty {
            if let id = HeaderID(rawValue: table[slot]), text.matches(lower, upper, id.name) {
                return id
            }
            slot = (slot + 1) & (Self.slots - 1)
        }
        return .other
    }
}

extension HeaderID {
    /// The id of a name written by a person, e.g. in a configuration.
    init(name: Bytes) {
        self = HeaderTable.shared.id(name.span, 0, name.count)
    }
}
