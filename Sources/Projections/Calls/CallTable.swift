import TrunkEvents

/// What is kept of each call: encoded like a dictionary.
typealias CallTable<Value: Sendable> = DenseTable<CallID, Value>

extension DenseTable: StateCodable where Key == CallID, Value: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        let order = keys.enumerated().sorted { $0.element.isEncodedBefore($1.element) }
        for (place, id) in order {
            encoder.write(id)
            encoder.write(values[place])
        }
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init()
        try decoder.readCalls { (id, decoder) throws(StateDecodingError) in
            let value: Value = try decoder.read()
            append(id, value)
        }
    }
}

extension CallID {
    /// Whether its encoding, read as text, comes before that of another id.
    func isEncodedBefore(_ other: CallID) -> Bool {
        rawValue.byteSwapped < other.rawValue.byteSwapped
    }
}

extension StateDecoder {
    /// Reads what was encoded by call, which stands in the order of the encoded ids.
    mutating func readCalls(
        _ body: (CallID, inout StateDecoder) throws(StateDecodingError) -> Void
    ) throws(StateDecodingError) {
        let count: UInt64 = try integer()
        var previous: CallID?
        for _ in 0..<count {
            let start = offset
            let id: CallID = try read()
            if let previous, !previous.isEncodedBefore(id) { throw .invalidValue(offset: start) }
            previous = id
            try body(id, &self)
        }
    }
}
