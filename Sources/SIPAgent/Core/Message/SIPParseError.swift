/// Why a message was not taken.
enum SIPParseError: Error, Equatable, Sendable {
    /// Nothing but line ends: a keep-alive (RFC 5626 section 3.5.1) or noise.
    case empty
    case messageTooLong
    /// The first line is neither a request line nor a status line of SIP.
    case notSIP
    case malformedStartLine
    /// SIP, but not 2.0.
    case unsupportedVersion
    case malformedRequestURI
    case statusOutOfRange
    case malformedHeaderLine
    /// A CR or LF alone, or a NUL that no quote escapes: a neighbour may read it as a line end.
    case strayControlCharacter
    case tooManyHeaders
    /// The empty line after the headers never came.
    case unterminatedHeaders
    case missing(HeaderID)
    case duplicate(HeaderID)
    case invalid(HeaderID)
    case cseqMethodMismatch
    /// Content-Length promises more than the datagram holds.
    case bodyTooShort

    /// The status of the answer to a request with this fault.
    var status: UInt16 {
        self == .unsupportedVersion ? 505 : 400
    }

    /// RFC 3261 section 21.4.1: the phrase should name the syntax problem.
    var reasonPhrase: [UInt8] {
        var phrase: [UInt8] = []
        switch self {
        case .empty, .notSIP: phrase.append("Not SIP")
        case .messageTooLong: phrase.append("Message Too Long")
        case .malformedStartLine: phrase.append("Malformed Start Line")
        case .unsupportedVersion: phrase.append("Version Not Supported")
        case .malformedRequestURI: phrase.append("Malformed Request-URI")
        case .statusOutOfRange: phrase.append("Status Code Out Of Range")
        case .malformedHeaderLine: phrase.append("Malformed Header Line")
        case .strayControlCharacter: phrase.append("Stray Control Character")
        case .tooManyHeaders: phrase.append("Too Many Headers")
        case .unterminatedHeaders: phrase.append("Unterminated Headers")
        case .cseqMethodMismatch: phrase.append("CSeq Method Mismatch")
        case .bodyTooShort: phrase.append("Body Shorter Than Content-Length")
        case .missing(let id):
            phrase.append("Missing ")
            phrase.append(id.name)
        case .duplicate(let id):
            phrase.append("Duplicate ")
            phrase.append(id.name)
        case .invalid(let id):
            phrase.append("Malformed ")
            phrase.append(id.name)
        }
        return phrase
    }
}
