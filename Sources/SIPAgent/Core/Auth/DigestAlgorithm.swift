/// RFC 7616 section 3.3 and RFC 8760: the algorithms we compute, weakest first.
enum DigestAlgorithm: UInt8, Comparable, Sendable, CaseIterable {
    case md5, md5Session, sha256, sha256Session

    static func < (left: DigestAlgorithm, right: DigestAlgorithm) -> Bool {
        left.rawValue < right.rawValue
    }

    var name: StaticString {
        switch self {
        case .md5: "MD5"
        case .md5Session: "MD5-sess"
        case .sha256: "SHA-256"
        case .sha256Session: "SHA-256-sess"
        }
    }

    var isSession: Bool { self == .md5Session || self == .sha256Session }

    init?(_ text: Bytes) {
        for known in Self.allCases where text.matches(known.name) {
            self = known
            return
        }
        return nil
    }
}
