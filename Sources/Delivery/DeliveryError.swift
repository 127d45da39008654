/// Why a batch did not reach its destination.
public enum DeliveryError: Error, Hashable, Sendable {
    /// Trying again later may help; `retryAfter` in seconds where the destination asked for it.
    case unavailable(cause: String, retryAfter: Int64? = nil)
    /// Trying again changes nothing until somebody does.
    case refused(cause: String)
    /// The library that speaks to the destination is not installed.
    case missingLibrary(name: String, package: String)
    /// The CDRs could not be read from the ledger.
    case records(cause: String)
}

extension DeliveryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let cause, _), .refused(let cause): cause
        case .missingLibrary(let name, let package):
            "\(name) is not on this machine; install it: apt-get install \(package)"
        case .records(let cause): "the CDRs could not be read: \(cause)"
        }
    }
}
