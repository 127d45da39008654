/// Where to deliver, as typed after `--to`.
public enum DeliveryTarget: Hashable, Sendable {
    /// `sqlite:PATH`
    case sqlite(path: String)
    /// `postgresql://...`, as libpq reads it.
    case postgresql(address: String)
    /// `http://...` or `https://...`
    case http(address: String)

    /// `nil` for anything else, and where it is not certain which part is a password: a `/`, `?`,
    /// `#` or `@` in one is written as `%2F`, `%3F`, `%23` or `%40` (RFC 3986 section 2.1).
    public init?(_ text: String) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        let rest = String(text.dropFirst(scheme.count + 1))
        switch scheme {
        case "sqlite" where !rest.isEmpty: self = .sqlite(path: rest)
        case "postgresql", "postgres":
            guard let parts = AddressParts(text), parts.isCertain else { return nil }
            self = .postgresql(address: text)
        case "http", "https":
            guard let parts = AddressParts(text), parts.isCertain, !parts.host.isEmpty else {
                return nil
            }
            self = .http(address: text)
        default: return nil
        }
    }

    /// What the log calls it: without a password, and without the query, where tokens stand.
    public var name: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgresql(let address), .http(let address):
            AddressParts(address)?.withoutSecrets ?? ""
        }
    }
}

/// `SCHEME//USER:PASSWORD@HOST:PORT/PATH?QUERY` (RFC 3986 section 3), as far as secrets need it.
private struct AddressParts {
    let scheme: Substring
    let user: Substring?
    /// With its port.
    let host: Substring
    let path: Substring
    /// The query and the fragment.
    let rest: Substring

    init?(_ address: String) {
        guard let start = address.firstRange(of: "//")?.upperBound else { return nil }
        scheme = address[..<start]
        let authority = address[start...].prefix { !"/?#".contains($0) }
        let at = authority.lastIndex(of: "@")
        user = at.map { authority[..<$0].prefix { $0 != ":" } }
        host = at.map { authority[authority.index(after: $0)...] } ?? authority
        path = address[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
        rest = address[path.endIndex...]
    }

    /// libpq takes all before an `@` for the user's part even behind a `?`, and a password that
    /// begins with digits looks like a port before its first `/`: then what comes before the `@`
    /// is not what it looks like.
    var isCertain: Bool {
        let port = host.split(separator: "]").last?.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let isPort = (port?.dropFirst().first ?? "").allSatisfy { $0.isASCII && $0.isNumber }
        return isPort && (user != nil || !(path + rest).contains("@"))
    }

    var withoutSecrets: String {
        String(scheme) + (user.map { $0 + "@" } ?? "") + host + path
    }
}
