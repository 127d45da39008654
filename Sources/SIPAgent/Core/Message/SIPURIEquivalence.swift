extension SIPURI {
    /// Whether two URIs name the same resource by RFC 3261 section 19.1.4. Those of other schemes
    /// are equal when their bytes are, but for the scheme's case.
    func isEquivalent(to other: SIPURI) -> Bool {
        guard scheme == other.scheme else { return false }
        guard isSIP else {
            return schemeText.matches(other.schemeText) && opaque.elementsEqual(other.opaque)
        }
        return Self.same(user, other.user) && Self.same(password, other.password)
            && host.matches(other.host) && port == other.port
            && parametersAgree(with: other) && other.parametersAgree(with: self)
            && headersAgree(with: other)
    }

    private var schemeText: Bytes { text.prefix { $0 != UInt8(ascii: ":") } }

    /// Escapes are undone first: a URI is the same with a character escaped or not.
    private static func same(_ left: Bytes?, _ right: Bytes?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): left.percentDecoded.elementsEqual(right.percentDecoded)
        case (nil, _), (_, nil): false
        }
    }

    /// A parameter in both must match; one in only one of them counts if it changes the request. Of
    /// those with one name, which the grammar forbids, the first counts.
    private func parametersAgree(with other: SIPURI) -> Bool {
        var agree = true
        forEachParameter { name, _ in
            let value = parameter(named: name) ?? []
            if let otherValue = other.parameter(named: name) {
                agree = agree && value.percentDecoded.matches(otherValue.percentDecoded)
            } else if Self.countsAlone(name) {
                agree = false
            }
        }
        return agree
    }

    private static func countsAlone(_ name: Bytes) -> Bool {
        name.matches("user") || name.matches("ttl") || name.matches("method")
            || name.matches("maddr") || name.matches("transport")
    }

    /// Escapes in the URI and in `name` are undone.
    func parameter(named name: Bytes) -> Bytes? {
        var found: Bytes?
        forEachParameter { key, value in
            if found == nil, key.percentDecoded.matches(name.percentDecoded) { found = value }
        }
        return found
    }

    /// Header components are never ignored, in any order.
    private func headersAgree(with other: SIPURI) -> Bool {
        let mine = (headers ?? []).split(separator: UInt8(ascii: "&"))
        var theirs = (other.headers ?? []).split(separator: UInt8(ascii: "&"))
        guard mine.count == theirs.count else { return false }
        for header in mine {
            let plain = header.percentDecoded
            guard let match = theirs.firstIndex(where: { $0.percentDecoded.matches(plain) }) else {
                return false
            }
            theirs.remove(at: match)
        }
        return true
    }
}
