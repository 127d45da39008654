import Glibc
import NIOCore
import TrunkEvents

extension Endpoint {
    /// Of a UDP peer as the event loop reports it; `nil` when it is no IP address.
    init?(_ address: SocketAddress) {
        switch address {
        case .v4(let v4):
            self.init(v4.address)
        case .v6(let v6):
            self.init(v6.address)
        case .unixDomainSocket:
            return nil
        }
    }

    init(_ address: sockaddr_in) {
        self.init(
            address: IPAddress(v4: UInt32(bigEndian: address.sin_addr.s_addr)),
            port: UInt16(bigEndian: address.sin_port))
    }

    init(_ address: sockaddr_in6) {
        // The C union's 16 octets, in network order.
        let words = unsafe withUnsafeBytes(of: address.sin6_addr) {
            unsafe (
                $0.loadUnaligned(as: UInt64.self),
                $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
        }
        self.init(
            address: IPAddress(
                high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1)),
            port: UInt16(bigEndian: address.sin6_port))
    }

    /// Calls `body` with the address as the socket calls want it.
    func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        if let v4 = address.v4 {
            var storage = sockaddr_in()
            storage.sin_family = sa_family_t(AF_INET)
            storage.sin_port = port.bigEndian
            storage.sin_addr.s_addr = v4.bigEndian
            return unsafe Self.withGeneric(&storage, body)
        }
        var storage = sockaddr_in6()
        storage.sin6_family = sa_family_t(AF_INET6)
        storage.sin6_port = port.bigEndian
        // The C union's 16 octets, in network order.
        unsafe withUnsafeMutableBytes(of: &storage.sin6_addr) {
            unsafe $0.storeBytes(of: address.high.bigEndian, as: UInt64.self)
            unsafe $0.storeBytes(
                of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return unsafe Self.withGeneric(&storage, body)
    }

    private static func withGeneric<Address, Result>(
        _ storage: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        // Every address structure begins as `sockaddr` does (socket(7)); the length says how much
        // of it there is.
        unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
