internal import Crypto

/// The public half of a ledger's key, as C2SP's signed-note writes it:
/// `NAME+KEYID+BASE64(1 || Ed25519 public key)`.
public struct VerifierKey: Hashable, Sendable {
    /// The type byte of Ed25519 signatures.
    static let ed25519: UInt8 = 1
    static let publicKeyBytes = 32

    public let name: String
    /// Tells keys apart; proves nothing.
    public let id: UInt32
    /// The 32 bytes of RFC 8032.
    public let publicKey: [UInt8]

    /// What a note's signatures are worth to who trusts this key.
    public enum Verdict: Hashable, Sendable {
        /// The key signed exactly this text.
        case valid
        /// No signature claims to be the key's.
        case unsigned
        /// A signature claims to be the key's and is not.
        case forged
    }

    init(name: String, publicKey: [UInt8]) {
        precondition(SignedNote.isKeyName(name), "a key's name")
        precondition(publicKey.count == Self.publicKeyBytes, "an Ed25519 public key")
        self.name = name
        self.publicKey = publicKey
        let hash = SHA256.hash(Array("\(name)\n".utf8) + [Self.ed25519] + publicKey)
        id = Link(hash).bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// `nil` for anything but the text of an Ed25519 key; white space around it is dropped.
    public init?(_ text: String) {
        let trimmed = text.drop(while: \.isWhitespace)
        let line = trimmed.prefix { !$0.isWhitespace }
        guard trimmed.dropFirst(line.count).allSatisfy(\.isWhitespace) else { return nil }
        // Base64 may have plus signs of its own.
        let parts = line.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, SignedNote.isKeyName(parts[0]),
            let key = Base64.decode(parts[2].utf8), key.count == 1 + Self.publicKeyBytes,
            key[0] == Self.ed25519
        else { return nil }
        self.init(name: String(parts[0]), publicKey: Array(key[1...]))
        guard parts[1] == id.fixedHexadecimal else { return nil }
    }

    public func verdict(on note: SignedNote) -> Verdict {
        let claims = note.signatures.filter { $0.keyName == name && $0.keyID == id }
        guard !claims.isEmpty else { return .unsigned }
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            return .forged
        }
        let text = Array(note.text.utf8)
        let isValid = claims.allSatisfy { key.isValidSignature($0.bytes, for: text) }
        return isValid ? .valid : .forged
    }
}

extension VerifierKey: CustomStringConvertible {
    public var description: String {
        "\(name)+\(id.fixedHexadecimal)+\(Base64.encode([Self.ed25519] + publicKey))"
    }
}

extension UInt32 {
    /// Eight hexadecimal digits, lower case.
    var fixedHexadecimal: String { String(UInt64(self).paddedHexadecimal.suffix(8)) }
}
