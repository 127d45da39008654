import TrunkEvents

/// What is kept of each call.
typealias CallTable<Value: Sendable> = DenseTable<CallID, Value>

/// A key of a table that is saved, encoded like a dictionary.
protocol SavedKey: DenseKey, StateCodable {
    /// Whether its encoding, read as text, comes before that of another key.
    func isEncodedBefore(_ other: Self) -> Bool
}

extension CallID: SavedKey {
    func isEncodedBefore(_ other: CallID) -> Bool {
        rawValue.byteSwapped < other.rawValue.byteSwapped
    }
}

extension ChannelID: SavedKey {
    /// The attempts of a call follow each other.
    var mixed: UInt64 { call.rawValue &+ UInt64(attempt.rawValue) &<< 32 }

    func isEncodedBefore(_ other: ChannelID) -> Bool {
        call == other.call
            ? attempt.rawValue.byteSwapped < other.attempt.rawValue.byteSwapped
            : call.isEncodedBefore(other.call)
    }
}

extension DenseTable: StateCodable where Key: SavedKey, Value: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        let order = keys.enumerated().sorted { $0.element.isEncodedBefore($1.element) }
        for (place, key) in order {
            encoder.write(key)
            encoder.write(values[place])
        }
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init()
        try decoder.readEntries { (key, decoder) throws(StateDecodingError) in
            let value: Value = try decoder.read()
            append(key, value)
        }
    }
}

extension StateDecoder {
    /// Reads what was encoded by key, which stands in the order of the encoded keys.
    mutating func readEntries<Key: SavedKey>(
        _ body: (Key, inout StateDecoder) throws(StateDecodingError) -> Void
    ) throws(StateDecodingError) {
        let count: UInt64 = try integer()
        var previous: Key?
        for _ in 0..<count {
            let start = offset
            let key: Key = try read()
            if let previous, !previous.isEncodedBefore(key) { throw .invalidValue(offset: start) }
            previous = key
            try body(key, &self)
        }
    }
}
