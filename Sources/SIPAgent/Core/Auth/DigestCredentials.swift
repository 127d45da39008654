/// A user name and a password as configured. Never printed.
struct DigestCredentials: Sendable, CustomStringConvertible {
    let username: [UInt8]
    private let password: [UInt8]

    init(username: [UInt8], password: [UInt8]) {
        self.username = username
        self.password = password
    }

    var description: String { "DigestCredentials(redacted)" }

    /// H(username:realm:password), in hex.
    func secret(realm: Bytes, _ algorithm: DigestAlgorithm) -> [UInt8] {
        DigestHash.hex(algorithm, [username[...], realm, password[...]])
    }
}
