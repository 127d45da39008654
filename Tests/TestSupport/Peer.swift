/// An address and port on loopback.
public struct Peer: Sendable, Hashable, CustomStringConvertible {
    public let address: String
    public let port: Int

    /// Takes a free port unless one is given.
    public init(_ address: String, port: Int? = nil) {
        self.address = address
        self.port = port ?? LoopbackPorts.next(on: address)
    }

    public var description: String {
        address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
