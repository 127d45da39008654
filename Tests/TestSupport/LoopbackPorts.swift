import Glibc
import Synchronization

/// Ports of 127.0.0.0/8 and ::1 that nobody uses, handed out once each per test process.
///
/// They are drawn below the kernel's ephemeral range (from 32768), so that no outgoing socket takes
/// one between the look and the use.
public enum LoopbackPorts {
    private static let handedOut = Mutex<Set<UInt16>>([])

    /// A port free for UDP and TCP on `address` and on the wildcard address.
    public static func next(on address: String = "127.0.0.1") -> Int {
        for _ in 0..<1_000 {
            let port = UInt16.random(in: 12_000..<32_000)
            let isNew = handedOut.withLock { $0.insert(port).inserted }
            guard isNew, isFree(port, on: address), isFree(port, on: "0.0.0.0") else { continue }
            return Int(port)
        }
        preconditionFailure("1,000 ports tried on \(address), none is free")
    }

    private static func isFree(_ port: UInt16, on address: String) -> Bool {
        [SOCK_DGRAM, SOCK_STREAM].allSatisfy { kind in
            let family = address.contains(":") ? AF_INET6 : AF_INET
            let descriptor = socket(family, Int32(kind.rawValue) | O_CLOEXEC, 0)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            return withSocketAddress(address, port) { bind(descriptor, $0, $1) == 0 }
        }
    }
}

/// Calls `body` with a socket address made of an address as text and a port.
func withSocketAddress<Result>(
    _ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    if address.contains(":") {
        var storage = sockaddr_in6()
        storage.sin6_family = sa_family_t(AF_INET6)
        storage.sin6_port = port.bigEndian
        precondition(inet_pton(AF_INET6, address, &storage.sin6_addr) == 1, "not IPv6: \(address)")
        return withGenericAddress(of: &storage, body)
    }
    var storage = sockaddr_in()
    storage.sin_family = sa_family_t(AF_INET)
    storage.sin_port = port.bigEndian
    precondition(inet_pton(AF_INET, address, &storage.sin_addr) == 1, "not IPv4: \(address)")
    return withGenericAddress(of: &storage, body)
}

private func withGenericAddress<Address, Result>(
    of storage: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    let size = socklen_t(MemoryLayout<Address>.size)
    return withUnsafePointer(to: &storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
}
