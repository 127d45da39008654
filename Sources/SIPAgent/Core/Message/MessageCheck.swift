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
        let text = index.bytes.span
        guard let branch = topBranch(index, text) else { return .invalid(.via) }
        guard isNameAddress(text, from) else { return .invalid(.from) }
        guard isNameAddress(text, to) else { return .invalid(.to) }
        guard isCallID(text, callID.value) else { return .invalid(.callID) }
        guard let cseq = CSeqLayout(text, cseqField.value.start, cseqField.value.end) else {
            return .invalid(.cseq)
        }
        guard case .request(let method, let name, let uri) = startLine else { return nil }
        if cseq.method != method
            || method == .other && !index.bytes[cseq.methodName].elementsEqual(index.bytes[name])
        {
            return .cseqMethodMismatch
        }
        // RFC 4475 section 3.1.2.7 to 3.1.2.11: brackets, white space or headers in a Request-URI.
        guard SIPURI.isTarget(text, uri.start, uri.end) else { return .malformedRequestURI }
        if let fault = addressFault(index, text) { return fault }
        // A branch that is the cookie alone names no transaction (RFC 4475 section 3.2.1).
        return text.matches(branch.start, branch.end, Via.magicCookie) ? .invalid(.via) : nil
    }

    static func hasAnswerableVia(_ index: HeaderIndex) -> Bool {
        var values = index.values(of: .via)
        return values.next().map(Via.isAnswerable) ?? false
    }

    private static func isNameAddress(_ text: Span<UInt8>, _ field: HeaderField) -> Bool {
        NameAddress.isWellFormed(text, field.value.start, field.value.end)
    }

    /// The branch of the top Via, empty where it has none; nil unless every value of every Via
    /// field can be read, empty ones included: `;;,;,,` is no list (RFC 4475 section 3.1.2.1).
    private static func topBranch(_ index: HeaderIndex, _ text: Span<UInt8>) -> ByteRange? {
        var top: ByteRange?
        for field in index.fields where field.id == .via {
            let areGood = everyElement(text, field) { text, lower, upper in
                guard let branch = Via.branch(text, lower, upper) else { return false }
                top = top ?? branch
                return true
            }
            guard areGood else { return nil }
        }
        return top
    }

    @inline(__always)
    private static func everyElement(
        _ text: Span<UInt8>, _ field: HeaderField, _ isGood: (Span<UInt8>, Int, Int) -> Bool
    ) -> Bool {
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
    private static func isCallID(_ text: Span<UInt8>, _ value: ByteRange) -> Bool {
        let first = text.skip(.word, value.start, value.end)
        guard first > value.start else { return false }
        if first == value.end { return true }
        guard text[first] == UInt8(ascii: "@"), first + 1 < value.end else { return false }
        return text.skip(.word, first + 1, value.end) == value.end
    }

    private static func addressFault(
        _ index: HeaderIndex, _ text: Span<UInt8>
    ) -> SIPParseError? {
        for field in index.fields {
            switch field.id {
            case .contact:
                guard everyElement(text, field, Contact.isWellFormed) else {
                    return .invalid(.contact)
                }
            case .route, .recordRoute:
                guard everyElement(text, field, NameAddress.isWellFormed) else {
                    return .invalid(field.id)
                }
            default: continue
            }
        }
        return nil
    }
}
