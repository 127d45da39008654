import TrunkEvents

@testable import SIPAgent

/// Single header values, by the first byte's choice: the quick check and the reader agree, and what
/// is read lies in the text.
enum HeaderProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        guard let choice = input.first, input.count <= MessageLimits.messageBytesMax else { return }
        let text = input.dropFirst()
        switch choice % 8 {
        case 0: try checkNameAddress(text)
        case 1: try checkVia(text)
        case 2: try checkParameters(text)
        case 3: checkNumbers(text)
        case 4: try checkAuthentication(text)
        case 5: try checkHost(text)
        case 6: try checkQuoted(text)
        default: try checkList(text)
        }
    }

    private static func checkNameAddress(_ text: Bytes) throws(BrokenProperty) {
        let isWellFormed = NameAddress.isWellFormed(text.span, 0, text.count)
        let address = NameAddress(text)
        try hold((address != nil) == isWellFormed, "check and reader agree on an address")
        guard let address else { return }
        try hold(address.uri != nil, "an address holds a URI")
        _ = (address.tag, address.display, Array(address.parameters))
        try hold(Contact.isWellFormed(text.span, 0, text.count), "an address is a contact")
    }

    private static func checkVia(_ text: Bytes) throws(BrokenProperty) {
        let branch = Via.branch(text.span, 0, text.count)
        let via = Via(text)
        try hold((via != nil) == (branch != nil), "check and reader agree on a Via")
        guard let via, let branch else { return }
        try hold(text[branch].elementsEqual(via.branch ?? []), "they agree on its branch")
        try hold(Via.isAnswerable(text), "a sound Via can be answered")
        try hold(!via.host.isEmpty, "a Via names a host")
        _ = (via.branch, via.received, via.rport, via.maddr, via.hasMagicCookie, via.sentBy)
    }

    private static func checkParameters(_ text: Bytes) throws(BrokenProperty) {
        guard let parameters = Parameters(text) else { return }
        var count = 0
        for (name, value) in parameters {
            count += 1
            try hold(!name.isEmpty, "a parameter has a name")
            try hold(
                name.startIndex >= text.startIndex && value.endIndex <= text.endIndex,
                "a parameter lies in its text")
        }
        try hold(count <= text.count, "no more parameters than octets")
        _ = (parameters.value("tag"), parameters.has("lr"))
    }

    private static func checkNumbers(_ text: Bytes) {
        _ = (CSeq(text), RAck(text), SessionExpires(text), RetryAfter(text), Reason(text))
        _ = (MediaType(text), text.decimal, SessionExpires(text)?.seconds)
    }

    private static func checkAuthentication(_ text: Bytes) throws(BrokenProperty) {
        _ = (DigestChallenge(text), AuthParameters(bare: text))
        guard let parameters = AuthParameters(text) else { return }
        try hold(!parameters.scheme.isEmpty, "credentials have a scheme")
        _ = (parameters.value("nonce"), parameters.value("response"))
    }

    private static func checkHost(_ text: Bytes) throws(BrokenProperty) {
        if let host = HostPort(text.span, 0, text.count) {
            try hold(host.end <= text.count && host.host.end <= host.end, "a host lies in its text")
        }
        guard let address = IPAddress(host: text) else { return }
        var writer = MessageWriter()
        writer.append(address)
        try hold(IPAddress(host: writer.bytes[...]) == address, "an address is read as written")
    }

    /// Any text between our quotes comes out as it went in, without its controls.
    private static func checkQuoted(_ text: Bytes) throws(BrokenProperty) {
        var writer = MessageWriter()
        writer.append(quoted: text)
        let plain = text.filter { $0 >= 32 && $0 != 127 }
        try hold(writer.bytes[...].unquoted.elementsEqual(plain), "what is quoted is unquoted")
        try hold(
            writer.bytes.span.skipQuoted(0, writer.bytes.count) == writer.bytes.count,
            "nothing inside quotes ends them")
    }

    private static func checkList(_ text: Bytes) throws(BrokenProperty) {
        var lower = 0
        var elements = 0
        while lower <= text.count {
            let end = text.span.elementEnd(lower, text.count)
            try hold(end >= lower && end <= text.count, "an element lies in its text")
            lower = end + 1
            elements += 1
        }
        try hold(
            elements <= 1 + text.count { $0 == UInt8(ascii: ",") }, "only commas part elements")
    }
}
