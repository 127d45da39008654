import Glibc

/// A blocking UDP socket with a receive limit: enough to send raw bytes and look at the answers.
public final class DatagramSocket {
    private let descriptor: Int32
    public let address: String
    public let port: Int

    public init(address: String, port: Int? = nil) {
        self.address = address
        self.port = port ?? LoopbackPorts.next(on: address)
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        precondition(descriptor >= 0, "socket: \(String(cString: strerror(errno)))")
        let bound = withSocketAddress(address, UInt16(self.port)) { bind(descriptor, $0, $1) }
        precondition(
            bound == 0, "bind \(address):\(self.port): \(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }

    /// True when the kernel took the whole datagram.
    @discardableResult
    public func send(_ bytes: [UInt8], to address: String, port: Int) -> Bool {
        let sent = withSocketAddress(address, UInt16(port)) {
            sendto(descriptor, bytes, bytes.count, 0, $0, $1)
        }
        return sent == bytes.count
    }

    /// The next datagram, or nil when none comes within `limit`.
    public func receive(within limit: Duration) -> [UInt8]? {
        let milliseconds =
            limit.components.seconds * 1_000
            + limit.components.attoseconds / 1_000_000_000_000_000
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(milliseconds)) == 1 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_535)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count >= 0 ? Array(buffer[..<count]) : nil
    }
}
