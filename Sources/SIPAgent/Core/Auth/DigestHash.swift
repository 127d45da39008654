internal import Crypto

/// H and KD of RFC 7616 section 3.2, in lower-case hexadecimal.
enum DigestHash {
    /// The hash of the parts joined by colons.
    static func hex(_ algorithm: DigestAlgorithm, _ parts: [Bytes]) -> [UInt8] {
        switch algorithm {
        case .md5, .md5Session: hex(of: parts, Insecure.MD5())
        case .sha256, .sha256Session: hex(of: parts, SHA256())
        case .sha512Slash256, .sha512Slash256Session: hexSlash256(of: parts)
        }
    }

    private static func hexSlash256(of parts: [Bytes]) -> [UInt8] {
        var function = SHA512Slash256()
        function.update(parts.joined(separator: [UInt8(ascii: ":")]))
        return hex(function.finish())
    }

    private static func hex(of parts: [Bytes], _ function: some HashFunction) -> [UInt8] {
        var function = function
        for (position, part) in parts.enumerated() {
            if position > 0 { function.update(data: [UInt8(ascii: ":")]) }
            function.update(data: Array(part))
        }
        return hex(function.finalize())
    }

    static func hex(_ digest: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            for digit in [byte >> 4, byte & 0xf] {
                text.append(digit < 10 ? digit + 48 : digit + 87)
            }
        }
        return text
    }
}

/// What goes into a digest response, by RFC 7616's names.
struct DigestInput {
    var algorithm: DigestAlgorithm
    /// H(username:realm:password), in hex: all that a server needs to keep of a password.
    var secret: [UInt8]
    var nonce: Bytes
    var cnonce: Bytes
    /// Eight hex digits.
    var nonceCount: Bytes
    /// Without one, the form of RFC 2069 (RFC 2617 section 3.2.2.1).
    var protection: DigestProtection?
    var method: Bytes
    var uri: Bytes
    /// Covered by `auth-int` alone.
    var body: Bytes = []

    /// `request-digest`, in hex.
    var response: [UInt8] {
        var first = secret
        if algorithm.isSession { first = DigestHash.hex(algorithm, [first[...], nonce, cnonce]) }
        // RFC 7616 section 3.4.3.
        let covered = protection == .authInt ? [DigestHash.hex(algorithm, [body])[...]] : []
        let second = DigestHash.hex(algorithm, [method, uri] + covered)
        guard let protection else {
            return DigestHash.hex(algorithm, [first[...], nonce, second[...]])
        }
        return DigestHash.hex(
            algorithm,
            [first[...], nonce, nonceCount, cnonce, Bytes(protection.name), second[...]])
    }
}
