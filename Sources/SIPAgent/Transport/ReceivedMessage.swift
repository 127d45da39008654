public import TrunkEvents

/// One message and where it came from: its sender, or the far end of its connection.
public struct ReceivedMessage: Hashable, Sendable {
    public var bytes: [UInt8]
    public var remote: Endpoint

    public init(bytes: [UInt8], remote: Endpoint) {
        self.bytes = bytes
        self.remote = remote
    }
}
