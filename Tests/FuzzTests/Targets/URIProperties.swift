@testable import SIPAgent

/// SIP and other URIs: their parts make up the whole, and a URI is itself.
enum URIProperties {
    static func check(_ text: Bytes) throws(BrokenProperty) {
        let isWellFormed =
            text.count <= MessageLimits.messageBytesMax
            && SIPURI.isWellFormed(text.span, 0, text.count)
        guard let uri = SIPURI(text) else {
            return try hold(!isWellFormed, "a well-formed URI is read")
        }
        try hold(isWellFormed, "a URI that is read is well-formed")
        guard uri.isSIP else { return }
        try hold(assembled(uri) == Array(uri.opaque), "the parts make up the URI")
        _ = (uri.isLooseRouter, uri.parameter("transport"), uri.user?.percentDecoded)
        var count = 0
        uri.forEachParameter { _, _ in count += 1 }
        try hold(
            count == uri.parameters.count { $0 == UInt8(ascii: ";") }, "each semicolon begins one")
        try checkAddress(uri)
        // Comparing takes each parameter with each other one: for texts as they are configured.
        guard text.count <= 512 else { return }
        try hold(uri.isEquivalent(to: uri), "a URI is equivalent to itself")
    }

    private static func assembled(_ uri: SIPURI) -> [UInt8] {
        var text: [UInt8] = []
        if let user = uri.user {
            text += user
            if let password = uri.password { text += [UInt8(ascii: ":")] + password }
            text.append(UInt8(ascii: "@"))
        }
        text += uri.hostPort + uri.parameters
        if let headers = uri.headers { text += [UInt8(ascii: "?")] + headers }
        return text
    }

    /// What a From or Contact is written with is read back.
    private static func checkAddress(_ uri: SIPURI) throws(BrokenProperty) {
        let written = MessageWriter.nameAddress(display: uri.user, uri: uri.text, tag: nil)
        guard written.count <= MessageLimits.messageBytesMax else { return }
        guard let back = NameAddress(written[...]) else {
            throw BrokenProperty(description: "an address of ours is no address")
        }
        try hold(back.uriText.elementsEqual(uri.text), "the address holds the URI")
        try hold(
            (back.display ?? []).elementsEqual(uri.user ?? []), "the display name is what we gave")
    }
}
