/// Whether the headers that every element depends on are there and readable (RFC 3261 section 8.1.1).
/// What a method or an extension asks for beyond that is judged by `RequestCheck`.
enum MessageCheck {
    /// Headers that may appear once only, besides those every message must have.
    private static let single: HeaderSet = [
        .maxForwards, .contentType, .expires, .rack, .rseq, .sessionExpires, .referTo, .event,
    ]

    static func fault(in index: HeaderIndex, _ startLine: StartLine) -> SIPParseError? {
        if let fault = mandatoryFault(index) ?? repeatedFault(index) { return fault }
        guard let cseq = index.first(.cseq).flatMap(CSeq.init) else { return .invalid(.cseq) }
        guard case .request(let method, let name, let uri) = startLine else { return nil }
        if cseq.method != method || !cseq.methodName.elementsEqual(index.bytes[name]) {
            return .cseqMethodMismatch
        }
        return uriFault(index.bytes[uri]) ?? requestFault(index, method)
    }

    static func hasReadableVia(_ index: HeaderIndex) -> Bool {
        var values = index.values(of: .via)
        return values.next().flatMap(Via.init) != nil
    }

    private static func mandatoryFault(_ index: HeaderIndex) -> SIPParseError? {
        for id in [HeaderID.via, .from, .to, .callID, .cseq] {
            let count = index.count(id)
            if count == 0 { return .missing(id) }
            if count > 1, id != .via { return .duplicate(id) }
        }
        if !areVias(index) { return .invalid(.via) }
        if index.first(.from).flatMap(NameAddress.init) == nil { return .invalid(.from) }
        if index.first(.to).flatMap(NameAddress.init) == nil { return .invalid(.to) }
        guard let callID = index.first(.callID), isCallID(callID) else { return .invalid(.callID) }
        return nil
    }

    /// Every value of every Via field, empty ones included: `;;,;,,` is no list (RFC 4475 3.1.2.1).
    private static func areVias(_ index: HeaderIndex) -> Bool {
        for field in index.fields where field.id == .via {
            guard everyElement(index.bytes[field.value], { Via($0) != nil }) else { return false }
        }
        return true
    }

    private static func everyElement(_ text: Bytes, _ isGood: (Bytes) -> Bool) -> Bool {
        let span = text.span
        var start = 0
        while true {
            let end = span.elementEnd(start, span.count)
            let lower = span.skipSpace(start, end)
            guard isGood(text[ByteRange(lower, span.trimEnd(lower, end))]) else { return false }
            if end == span.count { return true }
            start = end + 1
        }
    }

    /// `word ["@" word]`.
    private static func isCallID(_ text: Bytes) -> Bool {
        let span = text.span
        let first = span.skip(.word, 0, span.count)
        guard first > 0 else { return false }
        if first == span.count { return true }
        guard span[first] == UInt8(ascii: "@"), first + 1 < span.count else { return false }
        return span.skip(.word, first + 1, span.count) == span.count
    }

    private static func repeatedFault(_ index: HeaderIndex) -> SIPParseError? {
        var seen: HeaderSet = []
        for field in index.fields where single.contains(field.id) {
            if seen.contains(field.id) { return .duplicate(field.id) }
            seen.insert(field.id)
        }
        return nil
    }

    /// RFC 4475 section 3.1.2.7 to 3.1.2.11: brackets, white space or headers in a Request-URI.
    private static func uriFault(_ text: Bytes) -> SIPParseError? {
        guard let uri = SIPURI(text), uri.headers == nil else { return .malformedRequestURI }
        return nil
    }

    private static func requestFault(_ index: HeaderIndex, _ method: Method) -> SIPParseError? {
        for field in index.fields {
            switch field.id {
            case .contact:
                guard everyElement(index.bytes[field.value], { Contact($0) != nil }) else {
                    return .invalid(.contact)
                }
            case .route, .recordRoute:
                guard everyElement(index.bytes[field.value], { NameAddress($0) != nil }) else {
                    return .invalid(field.id)
                }
            default: continue
            }
        }
        // A branch that is the cookie alone names no transaction (RFC 4475 section 3.2.1).
        var vias = index.values(of: .via)
        if let branch = vias.next().flatMap(Via.init)?.branch, branch.matches(Via.magicCookie) {
            return .invalid(.via)
        }
        return nil
    }
}
