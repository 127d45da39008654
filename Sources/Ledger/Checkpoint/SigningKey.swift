internal import Crypto

/// A ledger's Ed25519 key. Its secret half leaves it only for its file.
public struct SigningKey: Sendable {
    /// How Go's note package writes a private key: `PRIVATE+KEY+NAME+KEYID+BASE64(1 || seed)`.
    private static let prefix = "PRIVATE+KEY+"

    public let verifier: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    private init(name: String, _ key: Curve25519.Signing.PrivateKey) {
        self.key = key
        verifier = VerifierKey(name: name, publicKey: [UInt8](key.publicKey.rawRepresentation))
    }

    /// A key drawn at random. Its name is what it signs for: see ``Lineage/origin``.
    public static func random(name: String) -> SigningKey {
        SigningKey(name: name, Curve25519.Signing.PrivateKey())
    }

    /// `nil` for what is no key file's content.
    init?(parsing file: [UInt8]) {
        guard let text = String(validating: file, as: UTF8.self), text.hasPrefix(Self.prefix),
            text.hasSuffix("\n")
        else { return nil }
        let parts = text.dropFirst(Self.prefix.count).dropLast()
            .split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, SignedNote.isKeyName(parts[0]),
            let secret = Base64.decode(parts[2].utf8), secret.first == VerifierKey.ed25519,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret.dropFirst())
        else { return nil }
        self.init(name: String(parts[0]), key)
        guard parts[1] == verifier.id.fixedHexadecimal else { return nil }
    }

    /// What its file holds.
    var fileContent: [UInt8] {
        let secret = Base64.encode([VerifierKey.ed25519] + [UInt8](key.rawRepresentation))
        return Array(
            "\(Self.prefix)\(verifier.name)+\(verifier.id.fixedHexadecimal)+\(secret)\n".utf8)
    }

    func sign(_ text: String) -> SignedNote? {
        guard let signature = try? key.signature(for: Array(text.utf8)) else { return nil }
        return SignedNote(
            text: text,
            signatures: [
                SignedNote.Signature(
                    keyName: verifier.name, keyID: verifier.id, bytes: [UInt8](signature))
            ])
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    public var description: String { verifier.description }
    /// Nothing that prints a value by its parts gets to see the secret.
    public var customMirror: Mirror { Mirror(self, children: ["verifier": verifier]) }
}
