internal import Crypto

/// H and KD of RFC 7616 section 3.2, in lower-case hexadecimal.
enum DigestHash {
    /// The hash of the parts joined by colons.
    static func hex(_ algorithm: DigestAlgorithm, _ parts: [Bytes]) -> [UInt8] {
        switch algorithm {
        case .md5, .md5Session: hex(of: parts, Insecure.MD5())
        case .sha256, .sha256Session: hex(of: parts, SHA256())
        }
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
    /// `qop=auth`; without it the form of RFC 2069 (RFC 2617 section 3.2.2.1).
    var usesQop: Bool
    var method: Bytes
    var uri: Bytes

    /// `request-digest`, in hex.
    var response: [UInt8] {
        var first = secret
        if algorithm.isSession { first = DigestHash.hex(algorithm, [first[...], nonce, cnonce]) }
        let second = DigestHash.hex(algorithm, [method, uri])
        guard usesQop else { return DigestHash.hex(algorithm, [first[...], nonce, second[...]]) }
        return DigestHash.hex(
            algorithm, [first[...], nonce, nonceCount, cnonce, Bytes("auth"), second[...]])
    }
}
