import ArgumentParser
import SIPAgent
import TrunkEvents

/// `127.0.0.3:5070` or `[::1]:5070`.
struct EndpointArgument: ExpressibleByArgument {
    let endpoint: Endpoint
    private let text: String

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = UInt16(argument[argument.index(after: colon)...]), port > 0
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host) else { return nil }
        endpoint = Endpoint(address: address, port: port)
        text = argument
    }

    /// The simulators send what would cost money elsewhere.
    func requireLoopback(_ option: String) throws {
        let isLoopback =
            endpoint.address.v4.map { $0 >> 24 == 127 }
            ?? (endpoint.address == IPAddress(high: 0, low: 1))
        guard isLoopback else {
            throw ValidationError(
                "\(option) \(text) is not on this machine; the simulators talk to 127.0.0.0/8 "
                    + "and ::1 only")
        }
    }
}

/// `user:secret`.
struct CredentialsArgument: ExpressibleByArgument {
    let credentials: Credentials

    init?(argument: String) {
        guard let colon = argument.firstIndex(of: ":"), colon > argument.startIndex else {
            return nil
        }
        credentials = Credentials(
            user: Octets(argument[..<colon]),
            password: Octets(argument[argument.index(after: colon)...]))
    }
}

/// A number with one place for the call's count: `+1212555%04d`.
struct NumberPattern: ExpressibleByArgument, CustomStringConvertible {
    private let prefix: String
    /// The least digits of the count; `nil` where every call has the same number.
    private let width: Int?
    private let suffix: String

    init(prefix: String, width: Int?, suffix: String) {
        self.prefix = prefix
        self.width = width
        self.suffix = suffix
    }

    init?(argument: String) {
        let pattern = /([+0-9]*)(?:%(?:0([1-9]))?d([0-9]*))?/
        guard !argument.isEmpty, let match = argument.wholeMatch(of: pattern) else { return nil }
        let isCounted = argument.contains("%")
        self.init(
            prefix: String(match.1), width: isCounted ? match.2.flatMap { Int($0) } ?? 1 : nil,
            suffix: match.3.map { String($0) } ?? "")
    }

    func text(_ count: Int) -> String {
        guard let width else { return prefix }
        let digits = String(count)
        let zeros = String(repeating: "0", count: max(0, width - digits.count))
        return prefix + zeros + digits + suffix
    }

    var description: String {
        width.map { "\(prefix)%0\($0)d\(suffix)" } ?? prefix
    }

    var defaultValueDescription: String { description }
}
