import Glibc

/// A blocking TCP connection from an address of its own: enough to send raw octets and look at what
/// comes back.
public final class StreamSocket {
    private let descriptor: Int32

    /// `nil` when the connection is refused.
    public init?(from address: String, to remote: String, port: Int) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        precondition(descriptor >= 0, "socket: \(String(cString: strerror(errno)))")
        let bound = withSocketAddress(address, 0) { bind(descriptor, $0, $1) }
        precondition(bound == 0, "bind \(address): \(String(cString: strerror(errno)))")
        guard withSocketAddress(remote, UInt16(port), { connect(descriptor, $0, $1) }) == 0 else {
            return nil
        }
    }

    deinit { close(descriptor) }

    /// True when the kernel took all of it.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// The next octets, none at the end of the stream; `nil` when nothing comes within `limit`.
    public func receive(within limit: Duration) -> [UInt8]? {
        let milliseconds =
            limit.components.seconds * 1_000
            + limit.components.attoseconds / 1_000_000_000_000_000
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(milliseconds)) == 1 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_535)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return Array(buffer[..<max(0, count)])
    }
}
