import Glibc
import TrunkEvents

/// A bound UDP socket: a file descriptor that closes itself.
struct DatagramSocket: ~Copyable {
    let descriptor: CInt

    /// Enough for two seconds of a busy trunk while a commit keeps the loop waiting.
    private static let bufferBytes: CInt = 8 << 20

    static func bound(to local: Endpoint) throws(TransportError) -> DatagramSocket {
        let isV4 = local.address.isV4
        let kind = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(
            isV4 ? AF_INET : AF_INET6, kind | CInt(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw TransportError(errno: errno, endpoint: local) }
        let bound = DatagramSocket(descriptor: descriptor)
        // An IPv6 listener takes no IPv4: a listener of its own does, with addresses that look so.
        if !isV4 { bound.set(CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        bound.setBuffer(SO_RCVBUF, forced: SO_RCVBUFFORCE)
        bound.setBuffer(SO_SNDBUF, forced: SO_SNDBUFFORCE)
        // The address lives during the call.
        let outcome = unsafe local.withSocketAddress { unsafe bind(descriptor, $0, $1) }
        guard outcome == 0 else { throw TransportError(errno: errno, endpoint: local) }
        return bound
    }

    private init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The same socket under a second number: the kernel keeps it open until both are closed.
    func duplicate(for local: Endpoint) throws(TransportError) -> DatagramSocket {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw TransportError(errno: errno, endpoint: local) }
        return DatagramSocket(descriptor: copy)
    }

    /// Leaves the descriptor to the caller, who closes it.
    consuming func release() -> CInt {
        let descriptor = self.descriptor
        discard self
        return descriptor
    }

    var localEndpoint: Endpoint? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // The kernel writes at most `size` bytes of what is big enough for every address.
        let outcome = unsafe withUnsafeMutablePointer(to: &storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &size)
            }
        }
        guard outcome == 0 else { return nil }
        // The family says which structure the storage holds.
        return unsafe withUnsafeBytes(of: storage) {
            unsafe storage.ss_family == sa_family_t(AF_INET)
                ? Endpoint($0.load(as: sockaddr_in.self))
                : Endpoint($0.load(as: sockaddr_in6.self))
        }
    }

    /// Beyond the system's limit where we may, else up to it.
    private func setBuffer(_ option: CInt, forced: CInt) {
        if !set(SOL_SOCKET, forced, Self.bufferBytes) {
            set(SOL_SOCKET, option, Self.bufferBytes)
        }
    }

    @discardableResult
    private func set(_ level: CInt, _ option: CInt, _ value: CInt) -> Bool {
        var value = value
        // The value lives during the call.
        return unsafe setsockopt(
            descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    }
}
