import Glibc
public import TrunkEvents

/// Why a listener could not be opened.
public struct TransportError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// Another socket has this address and port.
        case addressInUse
        /// The address is not one of this machine.
        case cannotAssign
        /// A port that only root may take, or a rule of the system.
        case permission
        /// Any other answer of the kernel.
        case system
    }

    public let code: Code
    /// What was to be opened.
    public let endpoint: Endpoint
    /// The kernel's error number.
    public let errno: Int32

    init(errno: Int32, endpoint: Endpoint) {
        self.errno = errno
        self.endpoint = endpoint
        code =
            switch errno {
            case EADDRINUSE: .addressInUse
            case EADDRNOTAVAIL: .cannotAssign
            case EACCES, EPERM: .permission
            default: .system
            }
    }
}

extension TransportError: CustomStringConvertible {
    /// One line: what, why, what to do.
    public var description: String {
        let host = endpoint.address.shownInURI
        let place = "cannot listen on \(endpoint.transport)://\(host):\(endpoint.port)"
        switch code {
        case .addressInUse:
            return "\(place): the port is in use; stop the other program or choose another port"
                + " (`ss -ln\(endpoint.transport == .udp ? "u" : "t")p` shows who has it)"
        case .cannotAssign:
            return "\(place): this machine has no such address; use one that `ip addr` shows"
        case .permission:
            return "\(place): not permitted; choose a port from 1024 on"
        case .system:
            // The C library's text for an error number is a constant string.
            let reason = unsafe String(cString: strerror(errno))
            return "\(place): \(reason)"
        }
    }
}

extension IPAddress {
    /// With brackets around IPv6.
    fileprivate var shownInURI: String { isV4 ? "\(self)" : "[\(self)]" }
}
