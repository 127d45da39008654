/// Where to deliver, as typed after `--to`.
public enum DeliveryTarget: Hashable, Sendable {
    /// `sqlite:PATH`
    case sqlite(path: String)
    /// `postgresql://...`, as libpq reads it.
    case postgresql(address: String)
    /// `http://...` or `https://...`
    case http(address: String)

    /// `nil` for anything else.
    public init?(_ text: String) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        let rest = String(text.dropFirst(scheme.count + 1))
        switch scheme {
        case "sqlite" where !rest.isEmpty: self = .sqlite(path: rest)
        case "postgresql", "postgres":
            guard rest.hasPrefix("//") else { return nil }
            self = .postgresql(address: text)
        case "http", "https":
            guard rest.hasPrefix("//"), rest.count > 2 else { return nil }
            self = .http(address: text)
        default: return nil
        }
    }

    /// What the log calls it: without a password, and without the query, where tokens stand.
    public var name: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgresql(let address), .http(let address): Self.withoutSecrets(address)
        }
    }

    private static func withoutSecrets(_ address: String) -> String {
        let bare = address.prefix { $0 != "?" && $0 != "#" }
        guard let start = bare.firstRange(of: "//")?.upperBound else { return String(bare) }
        let authority = bare[start...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(bare) }
        let user = authority[..<at].prefix { $0 != ":" }
        return String(bare[..<start]) + user + bare[at...]
    }
}
