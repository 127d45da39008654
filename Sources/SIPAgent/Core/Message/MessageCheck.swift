/// Whether the headers that every element depends on are there and readable (RFC 3261 section
/// 8.1.1). What a method or an extension asks for beyond that is judged by `RequestCheck`.
enum MessageCheck {
    /// Headers that may appear once only.
    private static let single: HeaderSet = [
        .from, .to, .callID, .cseq, .maxForwards, .contentType, .expires, .rack, .rseq,
        .sessionExpires, .referTo, .event,
    ]

    /// The first field of each header that every message must have.
    private struct Mandatory {
        var via: HeaderField?
        var from: HeaderField?
        var to: HeaderField?
        var callID: HeaderField?
        var cseq: HeaderField?
    }

    static func fault(in index: HeaderIndex, _ startLine: StartLine) -> SIPParseError? {
        var seen: HeaderSet = []
        var found = Mandatory()
        for field in index.fields {
            if seen.contains(field.id) {
                if single.contains(field.id) { return .duplicate(field.id) }
                continue
            }
            seen.insert(field.id)
            switch field.id {
            case .via: found.via = field
            case .from: found.from = field
            case .to: found.to = field
            case .callID: found.callID = field
            case .cseq: found.cseq = field
            default: break
            }
        }
        return fault(in: index, found, startLine)
    }

    private static func fault(
        in index: HeaderIndex, _ found: Mandatory, _ startLine: StartLine
    ) -> SIPParseError? {
        guard found.via != nil else { return .missing(.via) }
        guard let from = found.from else { return .missing(.from) }
        guard let to = found.to else { return .missing(.to) }
        guard let callID = found.callID else { return .missing(.callID) }
        guard let cseqField = found.cseq else { return .missing(.cseq) }
        guard areVias(index) else { return .invalid(.via) }
        guard isNameAddress(index, from) else { return .invalid(.from) }
        guard isNameAddress(index, to) else { return .invalid(.to) }
        guard isCallID(index.value(callID)) else { return .invalid(.callID) }
        guard let cseq = CSeq(index.value(cseqField)) else { return .invalid(.cseq) }
        guard case .request(let method, let name, let uri) = startLine else { return nil }
        if cseq.method != method || !cseq.methodName.elementsEqual(index.bytes[name]) {
            return .cseqMethodMismatch
        }
        return uriFault(index.bytes[uri]) ?? requestFault(index)
    }

    static func hasAnswerableVia(_ index: HeaderIndex) -> Bool {
        var values = index.values(of: .via)
        return values.next().map(Via.isAnswerable) ?? false
    }

    private static func isNameAddress(_ index: HeaderIndex, _ field: HeaderField) -> Bool {
        NameAddress.isWellFormed(index.bytes.span, field.value.start, field.value.end)
    }

    /// Every value of every Via field, empty ones included: `;;,;,,` is no list (RFC 4475 3.1.2.1).
    private static func areVias(_ index: HeaderIndex) -> Bool {
        for field in index.fields where field.id == .via {
            guard everyElement(index, field, Via.isWellFormed) else { return false }
        }
        return true
    }

    @inline(__always)
    private static func everyElement(
        _ index: HeaderIndex, _ field: HeaderField, _ isGood: (Span<UInt8>, Int, Int) -> Bool
    ) -> Bool {
        let text = index.bytes.span
        var start = field.value.start
        while true {
            let end = text.elementEnd(start, field.value.end)
            let lower = text.skipSpace(start, end)
            guard isGood(text, lower, text.trimEnd(lower, end)) else { return false }
            if end == field.value.end { return true }
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

    /// RFC 4475 section 3.1.2.7 to 3.1.2.11: brackets, white space or headers in a Request-URI.
    private static func uriFault(_ text: Bytes) -> SIPParseError? {
        guard let uri = SIPURI(text), uri.headers == nil else { return .malformedRequestURI }
        return nil
    }

    private static func requestFault(_ index: HeaderIndex) -> SIPParseError? {
        for field in index.fields {
            switch field.id {
            case .contact:
                guard everyElement(index, field, Contact.isWellFormed) else {
                    return .invalid(.contact)
                }
            case .route, .recordRoute:
                guard everyElement(index, field, NameAddress.isWellFormed) else {
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
