/// RFC 7616 section 3.3 and RFC 8760: the algorithms we compute, weakest first.
enum DigestAlgorithm: UInt8, Comparable, Sendable, CaseIterable {
    case md5, md5Session, sha256, sha256Session, sha512Slash256, sha512Slash256Session

    static func < (left: DigestAlgorithm, right: DigestAlgorithm) -> Bool {
        left.rawValue < right.rawValue
    }

    var name: StaticString {
        switch self {
        case .md5: "MD5"
        case .md5Session: "MD5-sess"
        case .sha256: "SHA-256"
        case .sha256Session: "SHA-256-sess"
        case .sha512Slash256: "SHA-512-256"
        case .sha512Slash256Session: "SHA-512-256-sess"
        }
    }

    var isSession: Bool {
        switch self {
        case .md5Session, .sha256Session, .sha512Slash256Session: true
        case .md5, .sha256, .sha512Slash256: false
        }
    }

    init?(_ text: Bytes) {
        for known in Self.allCases where text.matches(known.name) {
            self = known
            return
        }
        return nil
    }
}
