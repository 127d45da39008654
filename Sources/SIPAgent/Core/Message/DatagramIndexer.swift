/// Finds the parts of datagrams, one after the other: what the agent does with each before anything
/// else. Its room is used again and again, so that a message takes nothing from the heap.
public struct DatagramIndexer: Sendable {
    private var room: [HeaderField] = []

    public init() {}

    /// How many header fields a sound message has; `nil` for anything else.
    public mutating func fieldCount(of datagram: [UInt8]) -> Int? {
        guard case .message(let message) = ParseOutcome(parsing: datagram, reusing: &room) else {
            return nil
        }
        room = message.index.fields
        return message.index.fields.count
    }
}
