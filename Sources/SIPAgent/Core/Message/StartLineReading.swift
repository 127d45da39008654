/// The start line as far as it can be read, with the first fault in it.
struct StartLineReading {
    let startLine: StartLine
    let fault: SIPParseError?

    /// `lower..<upper` is the line without its CRLF. Fails where the line is not SIP's at all, or
    /// is a status line that cannot be used.
    static func read(
        _ text: Span<UInt8>, _ lower: Int, _ upper: Int
    ) -> Result<StartLineReading, SIPParseError> {
        if lower + 4 <= upper, text.matches(lower, lower + 4, "SIP/") {
            return status(text, lower, upper)
        }
        return request(text, lower, upper)
    }

    /// `SIP/2.0 200 OK`; the phrase may be empty, its space may then be missing too.
    private static func status(
        _ text: Span<UInt8>, _ lower: Int, _ upper: Int
    ) -> Result<StartLineReading, SIPParseError> {
        guard let space = text.position(of: 32, from: lower, to: upper) else {
            return .failure(.malformedStartLine)
        }
        guard text.matches(lower, space, "SIP/2.0") else { return .failure(.unsupportedVersion) }
        let codeEnd = text.position(of: 32, from: space + 1, to: upper) ?? upper
        guard codeEnd - space == 4, let code = text.decimal(space + 1, codeEnd), code >= 100,
            code < 700
        else { return .failure(.statusOutOfRange) }
        let reason = ByteRange(min(codeEnd + 1, upper), upper)
        return .success(
            StartLineReading(
                startLine: .response(status: UInt16(code), reason: reason), fault: nil))
    }

    /// `INVITE sip:... SIP/2.0` with exactly one space between the parts.
    private static func request(
        _ text: Span<UInt8>, _ lower: Int, _ upper: Int
    ) -> Result<StartLineReading, SIPParseError> {
        var fault: SIPParseError?
        let end = text.trimEnd(lower, upper)
        if end != upper { fault = .malformedStartLine }
        guard let space = text.position(of: 32, from: lower, to: end), space > lower else {
            return .failure(.notSIP)
        }
        var versionStart = end
        while versionStart > space, text[versionStart - 1] != 32 { versionStart -= 1 }
        guard versionStart > space + 1, end - versionStart >= 4,
            text.matches(versionStart, versionStart + 4, "SIP/")
        else { return .failure(.notSIP) }
        let name = ByteRange(lower, space)
        let uri = ByteRange(space + 1, max(versionStart - 1, space + 1))
        if !text.matches(versionStart, end, "SIP/2.0") {
            fault = .unsupportedVersion
        } else if text.skip(.token, lower, space) != space {
            fault = fault ?? .malformedStartLine
        } else if hasSpace(text, uri) {
            fault = fault ?? .malformedStartLine
        }
        let method = Method(text, lower, space)
        return .success(
            StartLineReading(startLine: .request(method, name: name, uri: uri), fault: fault))
    }

    private static func hasSpace(_ text: Span<UInt8>, _ range: ByteRange) -> Bool {
        for position in range.start..<range.end where isLinearSpace(text[position]) { return true }
        return false
    }
}
