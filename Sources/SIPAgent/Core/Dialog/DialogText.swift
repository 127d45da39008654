/// The texts that the messages of a dialog repeat, in one piece of memory: thousands of dialogs are
/// held for minutes, and each array of its own would cost as much again as its text.
struct DialogText: Sendable {
    enum Part: Int {
        case callID, localTag, remoteTag, localAddress, remoteAddress, remoteTarget
    }

    /// The parts in their order.
    private var bytes: [UInt8]
    /// Where each part ends; it begins where the one before it ends.
    private var ends: InlineArray<6, UInt32>

    init(
        callID: Bytes, localTag: Bytes, remoteTag: Bytes, localAddress: Bytes,
        remoteAddress: Bytes, remoteTarget: Bytes
    ) {
        self.init(parts: [
            callID, localTag, remoteTag, localAddress, remoteAddress, remoteTarget,
        ])
    }

    private init(parts: InlineArray<6, Bytes>) {
        bytes = []
        ends = InlineArray(repeating: 0)
        var count = 0
        for index in parts.indices { count += parts[index].count }
        bytes.reserveCapacity(count)
        for index in parts.indices {
            bytes.append(contentsOf: parts[index])
            ends[index] = UInt32(bytes.count)
        }
    }

    subscript(_ part: Part) -> Bytes {
        let start = part.rawValue == 0 ? 0 : ends[part.rawValue - 1]
        return bytes[Int(start)..<Int(ends[part.rawValue])]
    }

    /// The peer's newest Contact.
    mutating func replaceTarget(_ uri: Bytes) {
        self = DialogText(
            callID: self[.callID], localTag: self[.localTag], remoteTag: self[.remoteTag],
            localAddress: self[.localAddress], remoteAddress: self[.remoteAddress],
            remoteTarget: uri)
    }
}
